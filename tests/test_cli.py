"""The commands for students and authors, as typed: what they say, what they write, how they end."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from classes import CORRECT, STUB, WRONG, write
from command import Command
from students import REPO

from autograder import cli, commands
from autograder.course import COURSE


@pytest.fixture
def handgrad(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """The command, in an empty folder, on a terminal of 100 columns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return Command(capsys, monkeypatch)


def test_list_shows_every_unit(handgrad: Command) -> None:
    ended = handgrad("list")
    assert ended.code == 0
    assert all(entry.path in ended.out and entry.title in ended.out for entry in COURSE)


def test_help_says_what_there_is_without_torch() -> None:
    code = "import sys; sys.argv[1:] = ['--help']\nfrom autograder.cli import app\n" \
           "try: app()\nfinally: print('torch' in sys.modules, 'numpy' in sys.modules)"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "False False"
    assert all(name in done.stdout for name in ("list", "start", "check", "hint", "grade", "doctor", "release"))


def test_start_copies_stubs_and_never_overwrites(handgrad: Command, tmp_path: Path) -> None:
    path = tmp_path / "convnets/pooling.py"
    assert handgrad("start", "convnets").code == 0
    assert path.read_text() == STUB
    path.write_text("mine")
    ended = handgrad("start", "convnets")
    assert (ended.code, path.read_text()) == (0, "mine")
    assert "left convnets/pooling.py as it is (--force begins anew)" in ended.out
    for number, name in enumerate(("pooling.py.1", "pooling.py.2")):
        path.write_text(f"mine {number}")
        assert f"kept your file as convnets/{name}" in handgrad("start", "convnets", "--force").out
        assert (path.with_name(name).read_text(), path.read_text()) == (f"mine {number}", STUB)


def test_start_in_an_assignments_folder_goes_beside_it(handgrad: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    handgrad("start", "convnets")
    monkeypatch.chdir("convnets")
    assert handgrad("start", "convolution").code == 0
    assert not Path("convolution").exists()
    assert Path("../convolution/conv2d.py").exists()


def test_start_of_nothing_that_exists(handgrad: Command, tmp_path: Path) -> None:
    ended = handgrad("start", "astrology")
    assert ended.code == 2
    assert ended.line.startswith("there is no assignment 'astrology'; there are: convolution, ")
    (tmp_path / "convnets").write_text("")
    ended = handgrad("start", "convnets")
    assert (ended.code, "cannot make the folder" in ended.line) == (2, True)


@pytest.mark.parametrize("path", ["convnets/pooling.py", "convnets", ".", None])
def test_check_of_a_file_a_folder_or_here(handgrad: Command, tmp_path: Path, path: str | None) -> None:
    write(tmp_path, {"convnets/pooling.py": CORRECT})
    ended = handgrad("check", *([path] if path else []))
    assert (ended.code, ended.err) == (0, "")
    assert "convnets/pooling" in ended.out
    assert re.search(r"(\d+) of \1 points", ended.out)


def test_check_of_a_stub(handgrad: Command, tmp_path: Path) -> None:
    ended = handgrad("check", write(tmp_path, {"pooling.py": STUB}) / "pooling.py")
    assert ended.code == 1
    assert "not implemented yet" in ended.out
    assert "Traceback" not in ended.out + ended.err


def test_check_of_a_mistake_shows_the_call_and_both_results(handgrad: Command, tmp_path: Path) -> None:
    ended = handgrad("check", write(tmp_path, {"pooling.py": WRONG}) / "pooling.py")
    assert ended.code == 1
    for words in ("smallest failing call, to paste:", "max_pool2d_backward(", "yours", "should be"):
        assert words in ended.out


def test_hidden_checks_run_only_when_asked_for(handgrad: Command, tmp_path: Path) -> None:
    path = write(tmp_path, {"pooling.py": CORRECT}) / "pooling.py"
    plain, full = (json.loads(handgrad("check", path, "--json", *more).out) for more in ([], ["--hidden"]))
    assert not any(result["hidden"] for result in plain[0]["results"])
    assert any(result["hidden"] for result in full[0]["results"])
    assert {result["verdict"] for result in full[0]["results"]} == {"passed"}


def test_a_hidden_check_tells_its_kind_and_hints_and_the_case_only_if_asked(handgrad: Command, tmp_path: Path) -> None:
    wrong = CORRECT.replace("if not ceil_mode:", "if True:")
    path = write(tmp_path, {"pooling.py": wrong}) / "pooling.py"
    assert handgrad("check", path).code == 0
    kind, case = handgrad("check", path, "--hidden"), handgrad("check", path, "--reveal")
    assert (kind.code, case.code) == (1, 1)
    assert "the shape is wrong" in kind.out
    assert "`handgrad hint --hidden` says more" in kind.out
    told = ("smallest failing call", "should be", "ceil_mode=True", "fails exactly when", "round")
    assert [words in kind.out for words in told] == [False] * 5
    assert "smallest failing call" in case.out
    assert "ceil_mode=True" in case.out
    assert "nothing is wrong" in handgrad("hint", path).out
    assert "hint 1 of 3, of a hidden check: " in handgrad("hint", path, "--hidden").out


def test_alone_it_says_how_to_start_then_goes_on(handgrad: Command, tmp_path: Path) -> None:
    ended = handgrad()
    assert (ended.code, "handgrad start convolution" in ended.out) == (0, True)
    assert list(tmp_path.iterdir()) == []
    write(
        tmp_path,
        {"convnets/pooling.py": STUB, "convnets/layers.py": (REPO / "assignments/convnets/layers.py").read_text()},
    )
    assert "edit convnets/pooling.py, then run `handgrad` again" in " ".join(handgrad().out.split())
    write(tmp_path, {"convnets/pooling.py": CORRECT})
    assert "next: convnets/layers" in handgrad().out
    shown = handgrad("progress").out
    assert re.search(r"● pooling +█+ 26 of 26 ", shown)
    assert re.search(r"○ layers +░+ +you are here", shown)
    assert "recurrence  handgrad start recurrence" in shown
    (tmp_path / ".handgrad.json").write_text("{")
    ended = handgrad("progress")
    assert (ended.code, "cannot be read" in ended.err, "26 of 26" in ended.out) == (0, True, False)


def test_reset_gives_a_fresh_stub_and_keeps_the_file(handgrad: Command, tmp_path: Path) -> None:
    path = write(tmp_path, {"convnets/pooling.py": "mine 1"}) / "convnets/pooling.py"
    for number, name in enumerate(("convnets/pooling.py", "convnets/pooling", "pooling", "pooling.py"), 1):
        path.write_text(f"mine {number}")
        ended = handgrad("reset", name)
        assert (ended.code, f"kept your file as convnets/pooling.py.{number}\n" in ended.out) == (0, True)
        assert (path.read_text(), path.with_name(f"pooling.py.{number}").read_text()) == (STUB, f"mine {number}")
    assert (handgrad("reset", "convnets").code, handgrad("reset", "astrology").code) == (2, 2)


def test_check_as_json(handgrad: Command, tmp_path: Path) -> None:
    ended = handgrad("check", write(tmp_path, {"pooling.py": WRONG + "\nprint('\x1b[2J')"}), "--json")
    (report,) = json.loads(ended.out)
    assert ended.code == 1
    assert (report["unit"], set(report["output"].split("\n"))) == ("convnets/pooling", {"\x1b[2J", ""})
    assert "\x1b" not in ended.out


def test_check_by_the_name_of_a_unit(handgrad: Command) -> None:
    write(Path(), {"convnets/pooling.py": CORRECT})
    for name in ("pooling", "convnets/pooling"):
        assert handgrad("check", name).code == 0
    assert "there is no conv2d; `handgrad start convolution` copies" in handgrad("check", "conv2d").line


@pytest.mark.parametrize(
    ("files", "path", "said"),
    [
        ({}, "nowhere", "there is no nowhere; `handgrad start convolution` copies the stubs"),
        ({}, ".", ". holds no file of this course; `handgrad start"),
        ({"Pooling.py": CORRECT}, "Pooling.py", "Pooling.py is not a file of this course; these are: "),
        ({"pooling.py": CORRECT}, "pooling.py/x", "there is no pooling.py/x"),
    ],
)
def test_check_of_what_is_not_there(handgrad: Command, files: dict[str, str], path: str, said: str) -> None:
    write(Path(), files)
    ended = handgrad("check", path)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.line


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("# Zoë".encode("latin-1"), "it is not UTF-8 (byte 4); save it as UTF-8 in your editor"),
        (b"x = '\0'", "null character"),
        (b"import numpy as np\ndef f(:\n", "SyntaxError: invalid syntax in line 2: def f(:"),
        (b"", "the file does not define max_pool2d_forward"),
    ],
)
def test_check_of_a_file_that_cannot_run(handgrad: Command, tmp_path: Path, content: bytes, said: str) -> None:
    ended = handgrad("check", write(tmp_path, {"pooling.py": content}) / "pooling.py")
    assert ended.code == 1
    assert said in " ".join(ended.out.split())
    assert "Traceback" not in ended.out + ended.err


def test_a_path_that_is_no_utf8_breaks_nothing(handgrad: Command, tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/\xff\n"
    os.mkdir(folder)
    with open(folder + b"/pooling.py", "wb") as file:
        file.write(b"\xff")
    path = Path(os.fsdecode(folder))
    assert json.loads(handgrad("check", path, "--json").out)[0]["submission"].endswith("\\udcff\n/pooling.py")
    assert "\\x0a" in handgrad("check", path / "nowhere").line


def test_hints_go_three_steps_and_are_remembered_by_folder(handgrad: Command, tmp_path: Path) -> None:
    mistaken = (Path(__file__).parent / "submissions/class/emil/convnets/pooling.py").read_text()
    for folder in ("a", "b"):
        path = write(tmp_path / folder, {"pooling.py": mistaken}) / "pooling.py"
        said = [handgrad("hint", path) for _ in range(4)]
        assert [ended.code for ended in said] == [1, 1, 1, 1]
        assert [f"hint {step} of 3" in said[step - 1].out for step in (1, 2, 3)] == [True] * 3
        assert said[3].out == said[2].out
    assert [len(json.loads((tmp_path / folder / ".handgrad.json").read_text())["hints"]) for folder in "ab"] == [1, 1]


def test_no_hint_is_needed_or_known(handgrad: Command, tmp_path: Path) -> None:
    ended = handgrad("hint", write(tmp_path / "a", {"pooling.py": CORRECT}))
    assert (ended.code, ended.out) == (0, "nothing is wrong: no hint needed\n")
    ended = handgrad("hint", write(tmp_path / "b", {"pooling.py": STUB}))
    assert (ended.code, "is not written yet: its docstring says what it must do" in ended.out) == (1, True)


def test_release_check(handgrad: Command, tmp_path: Path) -> None:
    write(
        tmp_path, {"solutions/a/b.py": "def f() -> int:\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n"}
    )
    assert handgrad("release", "--check").code == 1
    assert handgrad("release").code == 0
    assert handgrad("release", "--check").code == 0
    (tmp_path / "assignments/a/b.py").write_text("x = 1")
    ended = handgrad("release", "--check")
    assert (ended.code, "b.py" in ended.err, "Traceback" in ended.err) == (1, True, False)
    ended = handgrad("release", "--root", tmp_path / "nowhere")
    assert (ended.code, "run this in the course's folder or give --root" in ended.line) == (2, True)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (PermissionError(13, "Permission denied", "/results"), 3, "/results: Permission denied"),
        (OSError(28, "No space left on device"), 3, "the system: No space left on device"),
        (KeyboardInterrupt(), 130, "stopped; run the same command again to go on"),
    ],
)
def test_whatever_stops_a_command_is_one_line(
    handgrad: Command, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(commands, "list_course", fail)
    ended = handgrad("list")
    assert (ended.code, ended.line, ended.out) == (code, said, "")


@pytest.mark.parametrize(
    "arguments", [["grade"], ["check", "--seconds", "0"], ["fly"], ["check", "--seed", "x"], ["check", "--x"]]
)
def test_a_wrong_command_line_is_a_matter_of_usage(handgrad: Command, arguments: list[str]) -> None:
    ended = handgrad(*arguments)
    assert ended.code == cli.USAGE
    assert "Usage: " in ended.err
    assert "Traceback" not in ended.err


def test_a_terminal_that_knows_no_check_mark() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "autograder.cli", "list"],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stderr) == (0, b"")

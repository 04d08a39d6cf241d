"""`handgrad grade` as typed: what it writes, what it says, and what it leaves alone."""

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest
from classes import CORRECT, FULL, SECRET, STUB, WRONG, notebook, write, zipped
from command import Command, Ended

from autograder import classroom
from autograder.grading import batch, workers
from autograder.sandbox import bubblewrap

CLASS = {"ada/convnets/pooling.py": CORRECT, "bela/convnets/pooling.py": WRONG}


class Grade:
    """`handgrad grade` on a class in the current folder, with a secret, one process and the sandbox of this machine."""

    def __init__(self, handgrad: Command, sandbox: str) -> None:
        self.handgrad = handgrad
        self.sandbox = sandbox

    def __call__(self, *more: str | Path, folder: str = "class") -> Ended:
        fixed = ["--out", "out", "--secret-file", "secret", "--jobs", "1", "--sandbox", self.sandbox]
        return self.handgrad("grade", folder, *fixed, *more)


@pytest.fixture
def grade(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sandbox_kind: str
) -> Grade:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(classroom.console, "width", 200)
    (tmp_path / "secret").write_bytes(SECRET)
    return Grade(Command(capsys, monkeypatch), sandbox_kind)


def scores() -> dict[str, str]:
    """The points for pooling, by student."""
    with open("out/grades.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["student"]: row["score"] for row in rows if row["unit"] == "pooling"}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_class_is_graded_whatever_is_in_it(grade: Grade) -> None:
    others = {
        "carl/convnets/pooling.py": b"\xff", "dora/convnets/pooling.py": STUB,
        "emil.zip": zipped({"pooling.py": CORRECT}),
        "fay_1_2_pooling.ipynb": notebook(CORRECT, "%matplotlib inline"), "ada/astrology/stars.py": "",
        "\x1b[2J=1\n/convnets/pooling.py": STUB, "notes\x1b[2J.txt": "",
    }  # fmt: skip
    write(Path("class"), CLASS | others)
    ended = grade()
    assert ended.code == 0
    assert scores() == {"ada": f"{FULL:g}", "bela": scores()["bela"], "carl": "0", "dora": "0", "emil": f"{FULL:g}",
                        "fay_1": f"{FULL:g}", r"\x1b[2J=1\x0a": "0"}  # fmt: skip
    assert 0 < float(scores()["bela"]) < FULL
    for folder in ("ada", "carl", "fay_1", "\x1b[2J=1\n"):
        assert {"convnets.json", "convnets.html", "convnets.times.json"} <= set(os.listdir(Path("out", folder)))
    assert "ignored ada/astrology/stars.py: astrology is no assignment of this course" in ended.err
    assert r"ignored notes\x1b[2J.txt: nothing says whose it is" in ended.err
    assert "\x1b" not in ended.out + ended.err
    assert "not UTF-8" in ended.out


def test_again_changes_nothing_and_takes_up_what_is_new(grade: Grade) -> None:
    write(Path("class"), CLASS)
    assert grade().code == 0
    first = contents(Path("out"))
    assert grade().code == 0
    assert contents(Path("out")) == first
    write(Path("class"), {"bela/convnets/pooling.py": CORRECT})
    assert grade().code == 0
    now = contents(Path("out"))
    assert {name for name in first if first[name] != now[name]} == {
        "grades.csv", "bela/convnets.json", "bela/convnets.html", "bela/convnets.times.json"
    }  # fmt: skip


def test_results_as_json(grade: Grade) -> None:
    write(Path("class"), {"ada/convnets/pooling.py": CORRECT})
    (result,) = json.loads(grade("--json").out)
    assert (result["student"], result["assignment"], result["format"]) == ("ada", "convnets", 1)


def test_without_a_sandbox_it_says_so_loudly_and_in_every_report(grade: Grade) -> None:
    write(Path("class"), {"ada/convnets/pooling.py": CORRECT})
    ended = grade("--sandbox", "none")
    assert ended.code == 0
    assert "WITHOUT a sandbox" in ended.err
    assert {report["sandbox"] for report in json.loads(Path("out/ada/convnets.json").read_text())["reports"]} == {
        "none"
    }
    assert "without a sandbox" in Path("out/ada/convnets.html").read_text().lower()


@pytest.mark.parametrize(
    ("options", "files", "said"),
    [
        (["--secret-file", "nowhere"], CLASS, "cannot read the secret file nowhere"),
        (["--secret-file", "class/short"], CLASS | {"short": "short"}, "shorter than 16 bytes"),
        (["--sandbox", "chroot"], CLASS, "there is no sandbox 'chroot'; choose one of auto, bubblewrap, none"),
        (["--out", "class/ada/convnets/pooling.py"], CLASS, "lies among the submissions"),
        (["--out", "class/results"], CLASS, "lies among the submissions"),
        (["--out", "secret"], CLASS, "results need a folder, and secret cannot be one"),
        (["--out", "secret/below"], CLASS, "results need a folder, and secret/below cannot be one"),
        ([], {"empty/.keep": ""}, "class holds no submission; expected <student>/<assignment>/<unit>.py"),
        ([], {"ada/astrology/stars.py": ""}, "holds no submission"),
    ],
)
def test_bad_input_is_one_line_and_touches_no_result(
    grade: Grade, options: list[str], files: dict[str, str], said: str
) -> None:
    write(Path("out"), {"ada/convnets.json": "old", "grades.csv": "old"})
    write(Path("class"), files)
    ended = grade(*options)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.line
    assert contents(Path("out")) == {"ada/convnets.json": b"old", "grades.csv": b"old"}


def test_a_folder_that_is_not_there(grade: Grade) -> None:
    ended = grade(folder="nowhere")
    assert (ended.code, ended.line.startswith("there is no nowhere; give a folder or an archive of")) == (2, True)


@pytest.fixture
def no_bubblewrap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """A machine without `bwrap` on its PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for cached in (bubblewrap.problem, workers.choose_sandbox):
        cached.cache_clear()
    yield
    for cached in (bubblewrap.problem, workers.choose_sandbox):
        cached.cache_clear()


@pytest.mark.usefixtures("no_bubblewrap")
@pytest.mark.parametrize("sandbox", ["auto", "bubblewrap"])
def test_without_bubblewrap_it_says_what_to_install(grade: Grade, sandbox: str) -> None:
    write(Path("out"), {"grades.csv": "old"})
    write(Path("class"), CLASS)
    ended = grade("--sandbox", sandbox)
    assert (ended.code, ended.out) == (3, "")
    for words in ("bubblewrap is not installed", "apt-get install bubblewrap", "--sandbox none"):
        assert words in ended.line
    assert contents(Path("out")) == {"grades.csv": b"old"}


@pytest.mark.usefixtures("no_bubblewrap")
def test_without_bubblewrap_students_check_all_the_same(grade: Grade) -> None:
    write(Path("class"), {"pooling.py": CORRECT})
    assert grade.handgrad("check", "class").code == 0


def test_a_fault_of_the_grader_is_said_in_the_end(grade: Grade, monkeypatch: pytest.MonkeyPatch) -> None:
    real = batch.grade_entry

    def faulty(submission: Any, *arguments: Any, **options: Any) -> Any:
        if submission.student == "bela":
            raise ZeroDivisionError("a bug of ours")
        return real(submission, *arguments, **options)

    monkeypatch.setattr(batch, "grade_entry", faulty)
    write(Path("class"), CLASS)
    ended = grade()
    assert ended.code == 3
    assert "handgrad: the grader failed on 1 of 2 submissions, see bela/convnets; run it again" in ended.err
    assert scores() == {"ada": f"{FULL:g}", "bela": "0"}
    monkeypatch.setattr(batch, "grade_entry", real)
    assert grade().code == 0
    assert float(scores()["bela"]) > 0


def test_a_secret_is_made_on_first_use_and_named_once(grade: Grade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(Path("config").resolve()))
    write(Path("class"), {"ada/convnets/pooling.py": STUB})
    first, second = (
        grade.handgrad("grade", "class", "--out", "out", "--jobs", "1", "--sandbox", grade.sandbox) for _ in range(2)
    )
    assert "made a secret in" in first.err
    assert "secret" not in second.err

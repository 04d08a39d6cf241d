"""`autograder.check` and the other public names, as a script, a REPL and a notebook use them."""

import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from students import REPO

import autograder
from autograder.checking import EXECUTION, Checked, find_file, find_unit
from autograder.errors import UsageError

SOLUTION = REPO / "solutions" / "convolution" / "conv2d.py"
STUB = REPO / "assignments" / "convolution" / "conv2d.py"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the answer to conv2d in it."""
    shutil.copy(SOLUTION, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(EXECUTION, raising=False)
    return tmp_path


def test_there_are_at_most_a_dozen_public_names_and_each_is_there() -> None:
    assert len(autograder.__all__) <= 12
    assert {name: getattr(autograder, name).__name__ for name in autograder.__all__} == {
        name: name for name in autograder.__all__
    }
    assert set(autograder.__all__) < set(dir(autograder))
    with pytest.raises(AttributeError, match="no attribute 'chekc'"):
        autograder.chekc  # noqa: B018


@pytest.mark.slow
def test_an_edited_file_is_checked_anew(folder: Path) -> None:
    right = autograder.check("convolution/conv2d")
    assert right is not None
    assert right.passed
    assert right.score == right.possible > 0
    assert "checks passed" in repr(right)
    answer = folder / "conv2d.py"
    answer.write_text(answer.read_text().replace("cols] += np.einsum", "cols] = np.einsum"))
    wrong = autograder.check("conv2d")
    assert wrong is not None
    assert not wrong.passed
    assert "dx" in str(wrong)
    assert max(map(len, str(wrong).split("\n"))) <= 100
    page = wrong._repr_html_()
    assert '<section class="handgrad' in page
    assert "<svg" in page  # the heat map
    HTMLParser().feed(page)
    style = page[page.index("<style>") + 7 : page.index("</style>")]
    rules = [line.strip() for line in style.split("\n") if line and not line.startswith((" ", "}", "@"))]
    assert all(rule.startswith(".handgrad") for rule in rules), "the style must touch nothing else in a notebook"


BAD = [
    (("convolution/conv3d",), {}, "do you mean 'convolution/conv2d'?"),
    (("nonsense",), {}, "there are: convolution/signals, "),
    ((7,), {}, "check wants the name of a unit"),
    (("convnets/pooling",), {}, "`handgrad start convnets` copies it"),
    (("conv2d",), {"file": "gone.py"}, "there is no gone.py"),
    (("conv2d",), {"file": 3}, "file= wants a path, not int"),
    (("conv2d",), {"sandbox": "paper"}, "there is no sandbox 'paper'"),
    (("conv2d",), {"file": "latin.py"}, "it is not UTF-8"),
]


@pytest.mark.parametrize(("arguments", "options", "words"), BAD, ids=[words for *_, words in BAD])
def test_bad_input_is_answered_in_words(folder: Path, arguments: tuple, options: dict, words: str) -> None:
    (folder / "latin.py").write_bytes(b"# caf\xe9")
    checked = autograder.check(*arguments, **options)
    assert checked is not None
    assert (checked.passed, checked.score, checked.report) == (False, 0, None)
    assert words in str(checked)
    assert str(checked).startswith("handgrad: ")
    assert "\n" not in str(checked)
    assert words.split("'")[0] in checked._repr_html_().replace("&#39;", "'")


def test_a_message_cannot_carry_markup() -> None:
    checked = Checked(None, "<script>alert(1)</script>\x1b[31m")
    assert "<script>" not in checked._repr_html_()
    assert "\x1b" not in str(checked)


def test_the_file_is_found_beside_the_notebook_the_script_or_here(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = find_unit("conv2d")
    assert find_file(entry) == folder / "conv2d.py"
    nested = folder / "convolution"
    nested.mkdir()
    shutil.move(folder / "conv2d.py", nested)
    assert find_file(entry) == find_file(entry, nested) == find_file(entry, "convolution/conv2d.py").absolute()
    monkeypatch.chdir("/")
    with pytest.raises(UsageError):
        find_file(entry)
    monkeypatch.setattr(sys.modules["__main__"], "__file__", str(nested / "try.py"), raising=False)
    assert find_file(entry) == nested / "conv2d.py"


@pytest.mark.parametrize(("how", "shown"), [("autograde", "None"), ("validate", "0.0")])
def test_what_nbgrader_reads_is_a_number_or_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, how: str, shown: str
) -> None:
    monkeypatch.setenv(EXECUTION, how)
    assert repr(autograder.check("conv2d", file="gone.py")) == shown


@pytest.mark.slow
def test_a_script_prints_a_report_and_no_traceback(tmp_path: Path) -> None:
    shutil.copy(STUB, tmp_path)
    program = "from autograder import check\nprint(check('conv2d'))\nprint(check('conv9d'))"
    (tmp_path / "try.py").write_text(program)
    done = subprocess.run([sys.executable, tmp_path / "try.py"], cwd="/", capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 of 32 points" in done.stdout
    assert "not implemented yet" in done.stdout
    assert "do you mean 'convolution/conv2d'?" in done.stdout


@pytest.mark.slow
@pytest.mark.sandbox
def test_grade_is_the_command_as_a_function(tmp_path: Path) -> None:
    handed_in = tmp_path / "class" / "ada" / "convolution"
    handed_in.mkdir(parents=True)
    shutil.copy(SOLUTION, handed_in)
    (result,) = autograder.grade(tmp_path / "class", tmp_path / "out", secret=b"sixteen bytes or more")
    assert result.student == "ada"
    assert {report.unit: report.score for report in result.reports if report.score} == {"convolution/conv2d": 45}
    (again,) = autograder.grade(tmp_path / "class", tmp_path / "out", secret=b"sixteen bytes or more")
    assert again == result

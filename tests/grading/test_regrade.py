"""A unit graded again after it was corrected, and points given by hand."""

from dataclasses import replace
from pathlib import Path

import pytest
from classes import SECRET, write
from command import Command
from exported import CLASS
from students import SOLUTIONS

from autograder.errors import UsageError
from autograder.grading.adjustments import read_adjustments
from autograder.grading.store import Store
from autograder.model import Result

UNIT = "convolution/signals"
HEADER = "student,unit,points,reason\n"


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    return Command(capsys, monkeypatch)


def with_score(result: Result, earned: float) -> Result:
    """A result as an earlier, wrong version of the unit's checks would have left it."""
    [report] = result.reports
    first, *others = report.results
    return replace(result, reports=(replace(report, results=(replace(first, earned=earned), *others)),))


def test_who_changes_is_said_before_it_is_written_and_the_earlier_result_is_kept(
    tmp_path: Path, command: Command
) -> None:
    solution = (SOLUTIONS / f"{UNIT}.py").read_text()
    folder = write(tmp_path / "in", {f"{name}/{UNIT}.py": solution for name in ("ada", "bela")})
    (tmp_path / "secret").write_bytes(SECRET)
    out = tmp_path / "out"
    grade = ("grade", folder, "--out", out, "--secret-file", tmp_path / "secret", "--sandbox", "none", "--jobs", "1")
    assert command(*grade, "--unit", UNIT).code == 0
    store, path = Store(out), out / "ada" / "convolution.json"
    right = store.load("ada", "convolution")
    assert right is not None
    store.save(with_score(right, 0), {})
    wrong = path.read_bytes()

    dry = command(*grade, "--only", UNIT, "--dry-run")
    assert dry.out.startswith("ada/convolution  14 -> 15  (+1)\n")
    assert "1 of 2 scores change" in dry.err
    assert path.read_bytes() == wrong
    (out / "adjustments.csv").write_text(f'{HEADER}bela,{UNIT},-2.5,"late, by a day"\nzoe,{UNIT},1,not here\n')
    write(folder, {f"chen/{UNIT}.py": solution})
    done = command(*grade, "--only", UNIT)
    assert done.code == 0
    assert "1 submission without an earlier result" in done.err
    assert "1 of 2 adjustments apply" in done.err
    assert store.load("ada", "convolution") == right
    assert path.with_name("convolution.json.1").read_bytes() == wrong
    assert not (out / "bela" / "convolution.json.1").exists()
    table = (out / "grades.csv").read_text()
    assert "ada,convolution,signals,15,15,0\n" in table
    assert "bela,convolution,signals,12.5,15,0\n" in table
    assert "chen" not in table

    assert "same seed" in command(*grade, "--only", UNIT, "--seed", "1").err
    assert command(*grade, "--dry-run").line.startswith("--dry-run goes with --only")


def test_adjustments_show_in_an_export(tmp_path: Path, command: Command) -> None:
    store = Store(tmp_path)
    for each in CLASS[:2]:
        store.save(each, {})
    (tmp_path / "adjustments.csv").write_text(f"{HEADER}bela,convolution/conv2d,1.5,talked\nzoe,{UNIT},1,not here\n")
    before = command("export", "canvas", tmp_path, "--out", tmp_path / "canvas.csv")
    assert "no result for zoe" in before.err
    score = (tmp_path / "canvas.csv").read_text()
    (tmp_path / "adjustments.csv").unlink()
    command("export", "canvas", tmp_path, "--out", tmp_path / "plain.csv")
    plain = (tmp_path / "plain.csv").read_text()
    [(old, new)] = [pair for pair in zip(plain.splitlines(), score.splitlines(), strict=True) if len(set(pair)) == 2]
    assert float(new.rsplit(",", 1)[1]) == float(old.rsplit(",", 1)[1]) + 1.5


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("student,points\n", "the first line should be student,unit,points,reason"),
        (f"{HEADER}ada,convolution/conv3d,1,x\n", "line 2: there is no unit 'convolution/conv3d'"),
        (f"{HEADER}ada,{UNIT},nan,x\n", "line 2: points should be a number"),
        (f"{HEADER}ada,{UNIT},1,one, two\n", "line 2: it should have 4 cells"),
        (f"{HEADER}ada,{UNIT},1,\n", "line 2: who it is for, and a reason"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "adjustments.csv").write_text(content)
    with pytest.raises(UsageError, match=words):
        read_adjustments(tmp_path)

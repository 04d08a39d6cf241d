"""The sample class is what its README says: right files lose nothing, wrong ones are told by name what they did."""

import re
from dataclasses import replace

import pytest
from known import HIDDEN_ONLY, RAISES_ONLY, STATISTICS_ONLY
from students import REPO, grade_file, without_experiments

from autograder.course import load
from autograder.grading.workers import Workers
from autograder.model import Report, Unit, Verdict

NAMELESS = HIDDEN_ONLY | RAISES_ONLY | STATISTICS_ONLY
CLASS = REPO / "tests" / "submissions" / "class"
ROW = re.compile(r"^\| (\w+) \| (\S+)\.py \| ([^|]+) \|", re.MULTILINE)
ROWS = ROW.findall((CLASS / "README.md").read_text(encoding="utf-8"))
MISTAKES = re.compile(r"([A-Z]+\d+|\w+(-\w+)+)(, ([A-Z]+\d+|\w+(-\w+)+))*")  # codes, or names
WORST = {
    "stub": Verdict.MISSING, "empty": Verdict.MISSING, "missing": Verdict.MISSING, "syntax error": Verdict.CRASHED,
    "wrong signature": Verdict.CRASHED, "exits": Verdict.CRASHED, "memory": Verdict.CRASHED,
    "infinite loop": Verdict.TIMED_OUT, "precision": Verdict.FAILED,
}  # fmt: skip


def verdicts(report: Report) -> set[Verdict]:
    return {result.verdict for result in report.results if result.points}


def named(report: Report) -> set[str]:
    return {name for result in report.results if result.diagnosis for name in result.diagnosis.misconceptions}


def mistakes(unit: Unit, told: set[str]) -> set[str]:
    """The names of mistakes that are told by name or by code."""
    return {known.name for known in unit.misconceptions if told & {known.name, known.code}}


@pytest.mark.slow
@pytest.mark.parametrize(("student", "path", "kind"), ROWS, ids=[f"{row[0]}/{row[1]}" for row in ROWS])
def test_it_is_what_the_table_says(student: str, path: str, kind: str, workers: Workers) -> None:
    unit = without_experiments(load(path))
    if kind == "infinite loop":  # as endless in one second as in five
        unit = replace(unit, limits=replace(unit.limits, call_seconds=1.0))
    report = grade_file(unit, CLASS / student / f"{path}.py", workers)
    if kind == "right":
        assert verdicts(report) <= {Verdict.PASSED, Verdict.MISSING}
        assert named(report) == set()
    elif MISTAKES.fullmatch(kind):
        told = set(kind.split(", "))
        made = mistakes(unit, told)
        assert len(made) >= len(told)
        assert verdicts(report) & {Verdict.FAILED, Verdict.CRASHED}
        assert named(report) <= made
        assert all(mistakes(unit, {one}) - NAMELESS == set() or mistakes(unit, {one}) & named(report) for one in told)
    else:
        assert WORST[kind] in verdicts(report)
        assert named(report) == set()


def test_every_file_is_in_the_table() -> None:
    listed = [f"{student}/{path}.py" for student, path, _ in ROWS]
    assert sorted(listed) == sorted(path.relative_to(CLASS).as_posix() for path in CLASS.glob("*/*/*.py"))

"""The sample class is what its README says: right files lose nothing, wrong ones are told by name what they did."""

import re

import pytest
from known import HIDDEN_ONLY, RAISES_ONLY, STATISTICS_ONLY
from students import REPO, grade_file, without_experiments

from autograder.course import load
from autograder.grading.workers import Workers
from autograder.model import Report, Unit, Verdict

CLASS = REPO / "tests" / "submissions" / "class"
ROW = re.compile(r"^\| (\w+) \| (\S+)\.py \| ([^|]+) \|", re.MULTILINE)
ROWS = ROW.findall((CLASS / "README.md").read_text(encoding="utf-8"))
CODES = re.compile(r"[A-Z]+\d+(, [A-Z]+\d+)*")
WORST = {
    "stub": Verdict.MISSING, "empty": Verdict.MISSING, "missing": Verdict.MISSING, "syntax error": Verdict.CRASHED,
    "wrong signature": Verdict.CRASHED, "exits": Verdict.CRASHED, "memory": Verdict.CRASHED,
    "infinite loop": Verdict.TIMED_OUT, "precision": Verdict.FAILED,
}  # fmt: skip


def verdicts(report: Report) -> set[Verdict]:
    return {result.verdict for result in report.results if result.points}


def codes_named(unit: Unit, report: Report) -> set[str]:
    code = {known.name: known.code for known in unit.misconceptions}
    return {code[name] for result in report.results if result.diagnosis for name in result.diagnosis.misconceptions}


def codes_that_have_a_name(unit: Unit, codes: set[str]) -> set[str]:
    nameless = HIDDEN_ONLY | RAISES_ONLY | STATISTICS_ONLY
    return {known.code for known in unit.misconceptions if known.code in codes and known.name not in nameless}


@pytest.mark.slow
@pytest.mark.parametrize(("student", "path", "kind"), ROWS, ids=[f"{row[0]}/{row[1]}" for row in ROWS])
def test_it_is_what_the_table_says(student: str, path: str, kind: str, workers: Workers) -> None:
    unit = without_experiments(load(path))
    report = grade_file(unit, CLASS / student / f"{path}.py", workers)
    if kind == "right":
        assert verdicts(report) <= {Verdict.PASSED, Verdict.MISSING}
        assert codes_named(unit, report) == set()
    elif CODES.fullmatch(kind):
        codes = set(kind.split(", "))
        assert verdicts(report) & {Verdict.FAILED, Verdict.CRASHED}
        assert codes_that_have_a_name(unit, codes) <= codes_named(unit, report) <= codes
        assert codes <= {known.code for known in unit.misconceptions}
    else:
        assert WORST[kind] in verdicts(report)
        assert codes_named(unit, report) == set()


def test_every_file_is_in_the_table() -> None:
    listed = [f"{student}/{path}.py" for student, path, _ in ROWS]
    assert sorted(listed) == sorted(path.relative_to(CLASS).as_posix() for path in CLASS.glob("*/*/*.py"))

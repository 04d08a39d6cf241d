"""Every known mistake, handed in: it loses points, by checks of what it spoils, and is named as itself."""

import pytest
from known import HIDDEN_ONLY, RAISES_ONLY, STATISTICS_ONLY
from students import LocalStudent, mistaken, without_experiments

from autograder.course import COURSE, load
from autograder.grading.grade import grade_unit
from autograder.grading.seeds import Seed
from autograder.model import Misconception, Verdict

NAMELESS = RAISES_ONLY | HIDDEN_ONLY | STATISTICS_ONLY
MISTAKES = [
    pytest.param(entry.path, misconception, id=f"{entry.path}:{misconception.name}")
    for entry in COURSE
    for misconception in load(entry.path).misconceptions
]


@pytest.mark.slow
@pytest.mark.parametrize(("path", "misconception"), MISTAKES)
def test_it_costs_points_and_is_named(path: str, misconception: Misconception) -> None:
    """Hidden checks are told as students are told: they name nothing."""
    unit = without_experiments(load(path))
    student = LocalStudent(mistaken(path, misconception), unit)
    report = grade_unit(unit, student, submission="", seed=Seed(0), sandbox="none").report
    checks = {check.name: check for check in unit.checks}
    failed = {
        result.check
        for result in report.results
        if result.verdict not in (Verdict.PASSED, Verdict.SKIPPED) and checks[result.check].points
    }
    assert all(not set(misconception.wrong).isdisjoint(checks[check].functions) for check in failed)
    assert sum(result.earned for result in report.results) < sum(result.points for result in report.results)
    bonus = {name for check in unit.checks if check.bonus for name in check.functions}
    assert report.passed == (unit.possible > 0 and set(misconception.wrong) <= bonus)
    named = {
        name for result in report.results if result.diagnosis for name in result.diagnosis.misconceptions
    }  # fmt: skip
    assert named == (set() if misconception.name in NAMELESS else {misconception.name})

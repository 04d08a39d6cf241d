"""Every known mistake, handed in: it loses points, and is named as itself."""

from dataclasses import replace

import pytest
from known import HIDDEN_ONLY, RAISES_ONLY, STATISTICS_ONLY
from students import LocalStudent, mistaken, without_experiments

from autograder.course import COURSE, load
from autograder.grading.grade import grade_unit
from autograder.grading.seeds import Seed
from autograder.judging import cases, judge
from autograder.model import Misconception, Unit, Verdict

NAMELESS = RAISES_ONLY | HIDDEN_ONLY | STATISTICS_ONLY
MISTAKES = [
    pytest.param(entry.path, misconception, id=f"{entry.path}:{misconception.name}")
    for entry in COURSE
    for misconception in load(entry.path).misconceptions
]
# One of each function, in every unit. The others are taken as they first fail: what is asserted hangs not on that.
MADE_SMALL = {
    (entry.path, function): misconception.name
    for entry in COURSE
    for misconception in load(entry.path).misconceptions
    for function in misconception.wrong
}


def concerned(path: str, misconception: Misconception) -> Unit:
    """A unit with the checks that call what is wrong: the others see the solution, which test_units.py grades."""
    unit = without_experiments(load(path))
    return replace(unit, checks=tuple(c for c in unit.checks if not misconception.wrong.keys().isdisjoint(c.functions)))


@pytest.fixture
def short_shrinks(path: str, misconception: Misconception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Points and names do not hang on how small the failing case is, and small takes long."""
    monkeypatch.setattr(cases, "MAX_NEW_CASES", 15)
    if all(MADE_SMALL[path, function] != misconception.name for function in misconception.wrong):
        monkeypatch.setattr(judge, "shrink", lambda *search: None)


@pytest.mark.usefixtures("short_shrinks")
@pytest.mark.slow
@pytest.mark.parametrize(("path", "misconception"), MISTAKES)
def test_it_costs_points_and_is_named(path: str, misconception: Misconception) -> None:
    """Hidden checks are told as students are told: they name nothing."""
    unit = concerned(path, misconception)
    student = LocalStudent(mistaken(path, misconception), unit)
    results = grade_unit(unit, student, submission="", seed=Seed(0), sandbox="none").report.results
    assert sum(result.earned for result in results) < sum(result.points for result in results)
    failed = [result for result in results if result.verdict not in (Verdict.PASSED, Verdict.SKIPPED)]
    assert any(result.points for result in failed)
    named = {name for result in results if result.diagnosis for name in result.diagnosis.misconceptions}
    assert named == (set() if misconception.name in NAMELESS else {misconception.name})

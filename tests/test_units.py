"""Every unit of the course: the solution is right, the stub is not, unusual answers lose nothing."""

import re
from pathlib import Path
from typing import Any

import pytest
from known import PRECISION_ONLY
from students import (
    REPO,
    SOLUTIONS,
    failing_checks,
    functions_of,
    grade_file,
    without_experiments,
)

from autograder.course import COURSE, Entry, load
from autograder.grading.workers import Workers
from autograder.model import Verdict

STYLES = REPO / "tests" / "submissions" / "styles"
TREES = ("solutions", "assignments", "reference", "autograder/units", "autograder/misconceptions")


units = pytest.mark.parametrize("entry", COURSE, ids=lambda entry: entry.path)


def style_files() -> list[Path]:
    return sorted(STYLES.glob("*/*.py"))


def unit_of(style: Path) -> str:
    return next(entry.path for entry in COURSE if entry.name == style.parent.name)


styles = pytest.mark.parametrize("style", style_files(), ids=lambda path: f"{path.parent.name}/{path.stem}")


@units
def test_the_solution_earns_everything(entry: Entry, workers: Workers) -> None:
    report = grade_file(load(entry.path), SOLUTIONS / f"{entry.path}.py", workers)
    assert {result.check: result.message for result in report.results if result.verdict is not Verdict.PASSED} == {}
    assert sum(result.earned for result in report.results) == entry.points + entry.bonus
    assert report.score == (entry.points or entry.bonus)
    assert report.passed


@units
def test_the_stub_earns_nothing_and_is_called_not_implemented(entry: Entry, workers: Workers) -> None:
    report = grade_file(load(entry.path), REPO / "assignments" / f"{entry.path}.py", workers)
    counted = [result for result in report.results if not result.advice]
    assert {result.verdict for result in counted} == {Verdict.MISSING}
    assert {result.message for result in counted} == {"not implemented yet"}
    assert {result.verdict for result in report.results if result.advice} <= {Verdict.SKIPPED}
    assert report.score == 0
    assert not report.passed


@units
def test_points_are_those_of_the_course(entry: Entry) -> None:
    unit = load(entry.path)
    assert unit.title == entry.title
    assert unit.possible == entry.points
    assert sum(check.points for check in unit.checks if check.bonus) == entry.bonus


@units
def test_a_fair_share_of_the_points_is_hidden(entry: Entry) -> None:
    counted = [check for check in load(entry.path).checks if not (check.bonus and entry.points)]
    hidden = sum(check.points for check in counted if check.hidden)
    assert 1 / 4 <= hidden / (entry.points or entry.bonus) <= 2 / 5


@units
def test_laws_and_advice_carry_no_points_and_all_else_does(entry: Entry) -> None:
    for check in load(entry.path).checks:
        assert bool(check.points) != (check.law or check.advice), check.name
        assert not (check.hidden and (check.law or check.advice)), check.name


@units
def test_checks_have_names_and_summaries(entry: Entry) -> None:
    checks = load(entry.path).checks
    names = [check.name for check in checks]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"\w+(\.\w+)*(\.[a-z0-9]+(-[a-z0-9]+)*)", name) for name in names)
    summaries = [check.summary for check in checks]
    assert all(summary.strip() == summary != "" and "\n" not in summary for summary in summaries)
    assert len(set(summaries)) == len(summaries)


@units
def test_cases_are_shared_only_by_checks_of_the_same_functions(entry: Entry) -> None:
    seen: dict[str, Any] = {}
    for check in load(entry.path).checks:
        assert check.given is not None
        assert seen.setdefault(check.given.name, check.given) is check.given


@pytest.mark.parametrize("tree", TREES)
def test_trees_hold_the_files_of_the_course_and_no_others(tree: str) -> None:
    listed = {f"{entry.path}.py" for entry in COURSE}
    found = {path.relative_to(REPO / tree).as_posix() for path in (REPO / tree).glob("*/*.py")}
    found = {path for path in found if not path.endswith("/__init__.py")}
    assert listed <= found
    parts = {path for path in found - listed if is_part_of_one(path)}
    assert found - listed == (parts if tree.startswith("autograder/") else set())


def is_part_of_one(path: str) -> bool:
    """Whether a file is a part of a unit's checks or misconceptions: `convolution/conv2d_padding.py`."""
    return any(path.startswith(f"{entry.path}_") for entry in COURSE)


@pytest.mark.parametrize("tree", ["solutions", "assignments"])
def test_every_assignment_has_a_page(tree: str) -> None:
    for entry in COURSE:
        assert (REPO / tree / entry.assignment / "README.md").is_file()


def test_every_unit_has_unusual_but_right_answers() -> None:
    names = {entry.name for entry in COURSE}
    assert {path.parent.name for path in style_files()} == names
    assert {path.name for path in STYLES.iterdir() if path.is_dir()} == names


def lost(results: Any) -> set[str]:
    return {result.check for result in results if result.earned < result.points}


def expected_loss(style: Path) -> set[str]:
    return PRECISION_ONLY[unit_of(style)] if style.stem.startswith("float32") else set()


@styles
def test_unusual_but_right_answers_lose_nothing(style: Path) -> None:
    unit, functions = without_experiments(load(unit_of(style))), functions_of(style)
    for seed in (1, 2):
        assert {check.name for check in failing_checks(unit, functions, seed)} == expected_loss(style)


@styles
def test_unusual_but_right_answers_lose_nothing_in_the_sandbox(style: Path, workers: Workers) -> None:
    """Without what trains: a style that computes the same numbers trains as the solution does."""
    report = grade_file(without_experiments(load(unit_of(style))), style, workers)
    assert lost(report.results) == expected_loss(style)

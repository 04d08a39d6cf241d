"""The proof that a course is as it should be: paths, stubs, solutions, wrong models.

What the course's tests know of single units (mistakes that cannot be named) and their students that live in this
process are taken from the checkout's `tests/helpers`: a course is proved in its checkout, not in an installation.
"""

import importlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from autograder.course import COURSE, Entry, find_entry, load
from autograder.model import Report, Unit, Verdict
from autograder.release import verify
from autograder.study.checker import How, check_files

TREES = ("solutions", "assignments", "reference", "autograder/units", "autograder/misconceptions")
MAY_HAVE_PARTS = ("autograder/",)  # a unit's checks and mistakes may take several files: conv2d_padding.py
STYLES = "tests/submissions/styles"
CANNOT_BE_NAMED = ("RAISES_ONLY", "HIDDEN_ONLY", "STATISTICS_ONLY")  # lists in tests/helpers/known.py
SHARE_HIDDEN = (1 / 4, 2 / 5)


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found about the course, or one unit: what holds, in words, and what does not."""

    of: str
    holds: tuple[str, ...]
    problems: tuple[str, ...] = ()


def prove(root: Path, units: Sequence[str], *, mistakes: bool, jobs: int) -> Iterator[Proof]:
    """Prove the trees first, then unit by unit; without `mistakes`, the wrong models are left out."""
    entries = [find_entry(path) for path in units] or list(COURSE)
    yield _all_or_nothing("course", f"{len(COURSE)} units, the same paths in every tree, no file unlisted", trees(root))
    released = verify(root / "solutions", root / "assignments")
    yield _all_or_nothing("assignments", "as `handgrad release` writes them", released)
    one = partial(prove_unit, root, mistakes=mistakes)
    processes = min(jobs or os.cpu_count() or 1, len(entries))
    if processes <= 1:
        yield from map(one, entries)
        return
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        yield from pool.map(one, entries)


def _all_or_nothing(of: str, holds: str, problems: Iterable[str]) -> Proof:
    found = tuple(problems)
    return Proof(of, () if found else (holds,), found)


def trees(root: Path) -> Iterator[str]:
    """Files that are missing, and files that no line of the course accounts for."""
    listed = {f"{entry.path}.py" for entry in COURSE}
    for tree in TREES:
        found = {path.relative_to(root / tree).as_posix() for path in (root / tree).glob("*/*.py")}
        found = {path for path in found if not path.endswith("/__init__.py")}
        yield from (f"{tree}/{path} is missing" for path in sorted(listed - found))
        parts = tree.startswith(MAY_HAVE_PARTS)
        for path in sorted(found - listed):
            if not (parts and any(path.startswith(f"{entry.path}_") for entry in COURSE)):
                yield f"{tree}/{path} is not listed in autograder/course.py"
    for entry in COURSE:
        if not list((root / STYLES / entry.name).glob("*.py")):
            yield f"{STYLES}/{entry.name}/ holds no unusual but right answer"
    for assignment in dict.fromkeys(entry.assignment for entry in COURSE):
        if not (root / "solutions" / assignment / "README.md").is_file():
            yield f"solutions/{assignment}/README.md is missing"


def prove_unit(root: Path, entry: Entry, *, mistakes: bool) -> Proof:
    """The solution earns everything, the stub nothing, and each wrong model is seen and called by its name."""
    try:
        unit = load(entry.path)
    except Exception as error:  # whatever an author's file raises is the finding
        return Proof(entry.path, (), (f"it cannot be loaded: {type(error).__name__}: {error}",))
    holds, problems = [], [*points(unit, entry)]
    for tree, words, judge in (("solutions", "solution full", imperfect), ("assignments", "stub unsolved", unsolved)):
        file = root / tree / f"{entry.path}.py"
        found = list(judge(_report(file, entry))) if file.is_file() else [f"{tree}/{entry.path}.py is missing"]
        problems += found
        holds += [] if found else [words]
    if mistakes:
        found = list(unnamed(root, unit))
        problems += found
        holds += [] if found else [f"{len(unit.misconceptions)} wrong models told"]
    return Proof(entry.path, tuple(holds), tuple(problems))


def points(unit: Unit, entry: Entry) -> Iterator[str]:
    """What the line of the course says otherwise than the unit."""
    bonus = sum(check.points for check in unit.checks if check.bonus)
    said, true = (entry.path, entry.title, entry.points, entry.bonus), (unit.path, unit.title, unit.possible, bonus)
    if said != true:
        yield f"course.py says {said}, the unit {true}"
    hidden = sum(check.points for check in unit.checks if check.hidden and not check.bonus)
    low, high = SHARE_HIDDEN
    if unit.possible and not low <= hidden / unit.possible <= high:
        yield f"{hidden:g} of {unit.possible:g} points are hidden; it should be {low:.0%} to {high:.0%}"


def _report(file: Path, entry: Entry) -> Report:
    """What all checks, hidden ones included, say of a file."""
    (report,) = check_files([(file, entry)], How(reveal=True))
    return report


def imperfect(report: Report) -> Iterator[str]:
    for result in report.results:
        if result.verdict is not Verdict.PASSED:
            yield f"solution: {result.check}: {result.message or result.verdict}"


def unsolved(report: Report) -> Iterator[str]:
    for result in report.results:
        if not result.advice and result.verdict is not Verdict.MISSING:
            yield f"stub: {result.check} is {result.verdict}, but should be missing"
        elif not result.advice and result.message != "not implemented yet":
            yield f"stub: {result.check}: {result.message}"


def unnamed(root: Path, unit: Unit) -> Iterator[str]:
    """Wrong models that pass, or that are not called by their name."""
    students, known = _helpers(root)
    excused: set[str] = set().union(*(getattr(known, name, set()) for name in CANNOT_BE_NAMED))
    short = students.without_experiments(unit)
    for mistake in unit.misconceptions:
        report: Report = students.grade_functions(short, students.mistaken(unit.path, mistake))
        failed = [r for r in report.results if not r.advice and r.verdict not in (Verdict.PASSED, Verdict.SKIPPED)]
        names = {name for r in failed if r.diagnosis for name in r.diagnosis.misconceptions}
        if not failed:
            yield f"wrong model {mistake.name} passes every check"
        elif names != {mistake.name} and not (mistake.name in excused and names <= {mistake.name}):
            called = " and ".join(sorted(names)) or "nothing"
            yield f"wrong model {mistake.name} is called {called} (checks failed: {len(failed)})"


def _helpers(root: Path) -> tuple[Any, Any]:
    folder = str(root.absolute() / "tests" / "helpers")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    load_module: Callable[[str], Any] = importlib.import_module
    return load_module("students"), load_module("known")

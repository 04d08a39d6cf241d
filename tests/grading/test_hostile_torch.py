"""Hostile submissions of units in PyTorch, and of units that borrow functions from the grader, in one batch."""

import itertools
import multiprocessing
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from hostile import (
    Case,
    children,
    footprints,
    function_of,
    graded,
    left_over,
    read,
    read_case,
    resident,
    sandboxes,
)
from students import SOLUTIONS

from autograder.course import COURSE, load
from autograder.grading.batch import Done, Settings, make_job, run_job
from autograder.grading.seeds import Seed
from autograder.model import Report, Verdict
from autograder.reporting.csv import grades
from autograder.reporting.escape import terminal
from autograder.reporting.html import render
from autograder.submission import Submission

HERE = Path(__file__).resolve().parent
CASES = HERE.parent / "submissions" / "hostile_torch"
ALL = {path.stem: read_case(path) for path in sorted(CASES.glob("*.py"))}
UNITS = tuple(dict.fromkeys(case.fields["unit"] for case in ALL.values()))
SETTINGS = Settings(Seed(0), "bubblewrap", hidden=False, seconds=4.0, only=UNITS)
JOBS = 3  # one more than two cores: some of the time is spent waiting for deadlines
MOST_GROWTH = 400 << 20  # bytes at the worst moment: the grader's own work for one call that it lends, and then some

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@dataclass(frozen=True)
class Batch:
    """What came of the batch, and of the machine."""

    reports: dict[str, Report]
    pages: dict[str, str]
    controls: list[Report]
    table: str
    grown: list[int]
    changed: list[str]
    left: list[str]


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    canary = tmp_path_factory.mktemp("canary")
    (canary / "file").write_text("untouched")
    before, processes = footprints(canary, folders=(CASES, HERE)), sandboxes()
    for path in UNITS:
        load(path)
    with ProcessPoolExecutor(JOBS, multiprocessing.get_context("fork")) as executor:
        first = [*executor.map(graded_job, honest("a"))]
        sizes = {pid: resident(pid) for pid in children()}
        done = [*executor.map(graded_job, packed())]
        last = [*executor.map(graded_job, honest("z"))]
        grown = [most - size for pid, size in sizes.items() if (most := peak(pid))]
    found = {report.unit + each.result.student: (report, each) for each in done for report in each.result.reports}
    pairs = {case.name: found[case.fields["unit"] + student_of(case)] for case in ALL.values()}
    return Batch(
        reports={name: report for name, (report, _) in pairs.items()},
        pages={name: render(name, "assignment", [report]) for name, (report, _) in pairs.items()},
        controls=[report for each in (*first, *last) for report in each.result.reports if report.unit in UNITS],
        table=grades([each.result for each in done]),
        grown=grown,
        changed=sorted(before ^ footprints(canary, folders=(CASES, HERE))),
        left=sorted(left_over(processes)),
    )


def graded_job(submission: Submission) -> Done:
    return run_job(make_job(submission, SETTINGS))


def source_of(unit: str, case: Case | None = None) -> str:
    return (SOLUTIONS / f"{unit}.py").read_text() + (f"\n\n{case.source.decode()}" if case else "")


def honest(student: str) -> list[Submission]:
    """The solutions of the units, as one student's."""
    groups = itertools.groupby(sorted(UNITS), lambda unit: unit.split("/")[0])
    return [
        Submission(student, name, {unit.split("/")[1]: source_of(unit) for unit in units}) for name, units in groups
    ]


def student_of(case: Case) -> str:
    """Cases of one unit are different students'; the first of each unit are one student's, and so on."""
    alike = [other.name for other in ALL.values() if other.fields["unit"] == case.fields["unit"]]
    return f"student{alike.index(case.name):02}"


def packed() -> Iterator[Submission]:
    """All cases, in as few submissions as there can be: starting PyTorch takes longer than most attacks."""
    folders: dict[tuple[str, str], dict[str, str]] = {}
    for case in ALL.values():
        assignment, unit = case.fields["unit"].split("/")
        folders.setdefault((student_of(case), assignment), {})[unit] = source_of(case.fields["unit"], case)
    for (student, assignment), sources in folders.items():
        yield Submission(student, assignment, sources)


def peak(pid: int) -> int:
    """The most memory that a process ever had, in bytes; 0 for one that has ended, as sandboxes do."""
    found = re.search(r"VmHWM:\s+(\d+)", read(f"/proc/{pid}/status"))
    return int(found[1]) << 10 if found else 0


def wrong_with(case: Case, report: Report, page: str) -> Iterator[str]:
    """All that is not as the case requires."""
    every = {function_of(result) for result in graded(report)}
    named = every if case.fields["hits"] == "all" else set(case.fields["hits"].split())
    if named - every:
        yield f"there are no checks of {named - every}"
    hit = [result for result in graded(report) if function_of(result) in named]
    verdicts = {result.verdict.value for result in hit}
    if not verdicts <= case.expected or (verdicts == {"passed"} and "passed" not in case.expected):
        yield f"verdicts {verdicts}"
    if any(result.earned for result in hit if result.verdict is not Verdict.PASSED):
        yield "marks for what failed"
    yield from (result.message for result in graded(report) if result not in hit and result.earned < result.points)
    messages = [result.message for result in hit if result.verdict is not Verdict.PASSED]
    shown = "\n".join(messages)
    if case.fields.get("says", "") not in shown or not all(0 < len(message) < 3000 for message in messages):
        yield f"says {shown[:500]!r}"
    if "the grader failed" in shown or "cannot be judged" in shown or "not implemented yet" in shown:
        yield f"a message that is not honest: {shown[:500]!r}"
    if "LOOT" in report.output or "LOOT" in re.sub(r" in line \d+: .*", "", shown):
        yield f"loot: {report.output!r}"
    if page != terminal(page) or "<script>alert" in page:
        yield "a page with control characters or markup"


def test_hostile_submissions_get_what_they_deserve(batch: Batch) -> None:
    found = {name: [*wrong_with(case, batch.reports[name], batch.pages[name])] for name, case in ALL.items()}
    assert [f"{name}: {problem[:300]}" for name, problems in found.items() for problem in problems] == []
    assert batch.table == terminal(batch.table)


def test_nobody_else_and_nothing_is_affected(batch: Batch) -> None:
    assert len(batch.controls) == 2 * len(UNITS)
    assert [(report.unit, report.score) for report in batch.controls if report.score < report.possible] == []
    assert batch.changed == []
    assert batch.left == []
    assert max(batch.grown) < MOST_GROWTH


def test_there_are_enough_cases() -> None:
    torch = [name for name, case in ALL.items() if case.fields["unit"].startswith("vision/")]
    assert len(torch) >= 30
    assert len(ALL) - len(torch) >= 10


def test_no_unit_borrows_what_it_asks_for() -> None:
    for entry in COURSE:
        unit = load(entry.path)
        assert not set(unit.borrows) & set(unit.functions), entry.path

"""Hostile submissions through the real grader and sandbox, with honest ones before and after, and what came of it."""

import ctypes
import gc
import itertools
import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hostile_cases import CASES, CONV2D, HONEST, TORCH_CASES, Case
from students import REPO, SOLUTIONS
from traces import children, footprints, left_over, peak, resident, sandboxes

from autograder.course import load
from autograder.grading.batch import Done, Job, Settings, grade_all, make_job, run_job
from autograder.grading.seeds import Seed
from autograder.grading.store import Store
from autograder.model import Report, Result
from autograder.reporting.html import render
from autograder.submission import Submission, take_in

JOBS = 3  # one more than two cores: much of the time is spent waiting for deadlines
# Grown before memory is measured: what the grader itself needs the first time that it meets a wrong submission.
ORDINARY = ("a_honest", "cmp_infinite", "cmp_mutate_inputs", "res_fd_exhaust", "sta_call_counter", "src_int_dtype")
WATCHED = (CASES, TORCH_CASES, REPO / "tests" / "grading")


@dataclass
class Traces:
    """What a batch left behind on the machine; `grown` by process of the grader, in bytes."""

    grown: dict[int, int] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Batch:
    """What came of the cases, of the honest submissions beside them, and of the machine."""

    reports: dict[str, Report]
    pages: dict[str, str]
    controls: list[Report]
    results: list[Result]
    traces: Traces


@contextmanager
def watched(*trees: Path, jobs: int) -> Iterator[tuple[Executor, Traces]]:
    """A pool to grade in. Files and processes are compared when it has ended; whatever kills one breaks the pool."""
    traces = Traces()
    before, processes = footprints(*trees, folders=WATCHED), sandboxes()
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as executor:
        yield executor, traces
    traces.changed = sorted(before ^ footprints(*trees, folders=WATCHED))
    traces.left = sorted(left_over(processes))


def conv2d_batch(cases: Mapping[str, Case], root: Path, jobs: int = JOBS) -> Batch:
    """As a class in a folder, with deadlines of a second, hidden checks and the store."""
    write_class(root / "class", cases)
    submissions = take_in(root / "class").submissions
    load(CONV2D)
    with watched(_canary(root), root / "class", jobs=jobs) as (executor, traces):
        warm = [each for each in submissions if each.student in ORDINARY]
        for number in range(3):
            _grade(warm * jobs, root / f"warm{number}", executor)
        _settle(executor, jobs)
        sizes = {pid: resident(pid) for pid in children()}
        done = _grade(submissions, root / "results", executor)
        _settle(executor, jobs)
        traces.grown = {pid: resident(pid) - size for pid, size in sizes.items()}
    results = {each.result.student: each.result for each in done}
    return Batch(
        reports={name: results[name].reports[0] for name in cases},
        pages={name: render(name, "convolution", results[name].reports) for name in cases},
        controls=[results[name].reports[0] for name in ("a_honest", "z_honest")],
        results=list(results.values()),
        traces=traces,
    )


def _settle(executor: Executor, jobs: int) -> None:
    """Let each process give back what it does not use, so that what is measured is what it holds."""
    list(executor.map(_trim, range(jobs)))


def _trim(_: int) -> None:
    gc.collect()
    if hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
    time.sleep(0.5)  # long enough for the others to take one each


def write_class(folder: Path, cases: Mapping[str, Case]) -> None:
    """The cases of conv2d as a class, with an honest submission before and one after them."""
    honest = (CASES / HONEST).read_bytes()
    sources = {"a_honest": honest, "z_honest": honest, **{name: case.submitted for name, case in cases.items()}}
    for name, source in sources.items():
        target = folder / name / f"{CONV2D}.py"
        target.parent.mkdir(parents=True)
        target.write_bytes(source)


def _grade(submissions: Sequence[Submission], out: Path, executor: Executor) -> list[Done]:
    """Through one pool for all batches, so that its processes can be watched."""
    settings = Settings(Seed(0), "bubblewrap", seconds=1.0, only=(CONV2D,))

    def runner(jobs: Sequence[Job]) -> Iterator[Done]:
        for future in as_completed([executor.submit(run_job, job) for job in jobs]):
            yield future.result()

    return list(grade_all(submissions, settings, Store(out), runner))


def torch_batch(cases: Mapping[str, Case], root: Path, jobs: int = JOBS) -> Batch:
    """Each case after the solution of its unit, without hidden checks; growth is that at the worst moment."""
    units = tuple(dict.fromkeys(case.unit for case in cases.values()))
    settings = Settings(Seed(0), "bubblewrap", hidden=False, seconds=4.0, only=units)
    for path in units:
        load(path)
    with watched(_canary(root), jobs=jobs) as (executor, traces):

        def run(submissions: Sequence[Submission]) -> list[Done]:
            return [*executor.map(run_job, [make_job(submission, settings) for submission in submissions])]

        first = run(_honest("a", units))
        sizes = {pid: resident(pid) for pid in children()}
        done, last = run([*_packed(cases)]), run(_honest("z", units))
        traces.grown = {pid: most - size for pid, size in sizes.items() if (most := peak(pid))}
    found = {report.unit + each.result.student: report for each in done for report in each.result.reports}
    reports = {name: found[case.unit + _student(case, cases)] for name, case in cases.items()}
    return Batch(
        reports=reports,
        pages={name: render(name, "assignment", [report]) for name, report in reports.items()},
        controls=[report for each in (*first, *last) for report in each.result.reports if report.unit in units],
        results=[each.result for each in done],
        traces=traces,
    )


def _canary(root: Path) -> Path:
    folder = root / "canary"
    folder.mkdir(parents=True)
    (folder / "file").write_text("untouched")
    return folder


def _honest(student: str, units: Sequence[str]) -> list[Submission]:
    """The solutions of the units, as one student's."""
    groups = itertools.groupby(sorted(units), lambda unit: unit.split("/")[0])
    return [Submission(student, name, dict(map(_solution, those))) for name, those in groups]


def _solution(unit: str) -> tuple[str, str]:
    return unit.split("/")[1], (SOLUTIONS / f"{unit}.py").read_text()


def _student(case: Case, cases: Mapping[str, Case]) -> str:
    """Cases of one unit are different students'; the first of each unit are one student's, and so on."""
    alike = [other.name for other in cases.values() if other.unit == case.unit]
    return f"student{alike.index(case.name):02}"


def _packed(cases: Mapping[str, Case]) -> Iterator[Submission]:
    """All cases, in as few submissions as there can be: starting PyTorch takes longer than most attacks."""
    folders: dict[tuple[str, str], dict[str, str]] = {}
    for case in cases.values():
        assignment, unit = case.unit.split("/")
        folders.setdefault((_student(case, cases), assignment), {})[unit] = case.submitted.decode()
    for (student, assignment), sources in folders.items():
        yield Submission(student, assignment, sources)


BATCHES: dict[Path, Callable[[Mapping[str, Case], Path, int], Batch]] = {CASES: conv2d_batch, TORCH_CASES: torch_batch}

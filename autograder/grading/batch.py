"""Many submissions: what has to be graded, by whom, and where it goes."""

import functools
import hashlib
import importlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import autograder
import reference
from autograder.course import Entry, entries, load
from autograder.grading.grade import Graded, grade_unit, ungradable
from autograder.grading.seeds import Seed
from autograder.grading.store import Store, key
from autograder.grading.workers import Workers
from autograder.judging.layer_case import use_device as use_device
from autograder.model import Limits, Report, Result, Reveal, Unit, Verdict
from autograder.sandbox.student import SandboxedStudent
from autograder.submission import Submission
from autograder.versions import versions

MOST_WORK = 1 << 32  # products that one borrowed call may take
MOST_ENTRIES = 1 << 22


@dataclass(frozen=True, slots=True)
class Settings:
    """How a batch is graded; plain data, so that it can travel to another process or machine."""

    seed: Seed
    sandbox: str
    hidden: bool = True
    reveal: Reveal = Reveal.KIND
    seconds: float | None = None
    only: tuple[str, ...] = ()
    device: str = "cpu"  # of the reference; no part of a result's key, since scores do not hang on it

    def wanted(self, assignment: str) -> list[Entry]:
        """The units of an assignment that are to be graded: all, or those in `only`."""
        return [entry for entry in entries(assignment) if not self.only or entry.path in self.only]


@dataclass(frozen=True, slots=True)
class Job:
    """One student's assignment to grade."""

    submission: Submission
    settings: Settings
    key: str
    another: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """A finished job: the result, times by unit and check, and whether it had been there already."""

    result: Result
    times: dict[str, float]
    unchanged: bool = False


@functools.cache
def code_digest() -> str:
    """A hash of the grader's own code and the reference's: a result from other code is graded again."""
    digest = hashlib.sha256()
    for package in (autograder, reference):
        root = Path(package.__path__[0])
        for path in sorted(root.rglob("*.py")):
            digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def make_job(submission: Submission, settings: Settings) -> Job:
    sources = (sorted(submission.sources.items()), sorted(submission.problems.items()), sorted(submission.notebooks))
    how = (
        settings.seed.number,
        settings.seed.secret,
        settings.sandbox,
        settings.hidden,
        settings.reveal,
        settings.seconds,
        settings.only,
    )
    names = submission.student, submission.assignment
    return Job(submission, settings, key(names, sources, how, code_digest(), sorted(versions().items())))


def grade_submission(job: Job, workers: Workers) -> Done:
    """Grade every unit of one student's assignment."""
    with workers.submission():
        return _grade_units(job, workers)


def _grade_units(job: Job, workers: Workers) -> Done:
    times: dict[str, float] = {}
    reports = []
    lasting = True
    for entry in job.settings.wanted(job.submission.assignment):
        started = time.perf_counter()
        unit = load(entry.path)
        try:
            graded = grade_entry(job.submission, unit, job.settings, workers, another=job.another)
        except Exception as error:  # a fault of the grader's own costs one unit of one submission; the class goes on
            graded, lasting = _faulty(job, unit, f"{type(error).__name__}: {error}"), False
        reports.append(graded.report)
        times.update({f"{entry.name}.{check}": seconds for check, seconds in graded.seconds.items()})
        times[entry.name] = time.perf_counter() - started
    return Done(_result(job, reports, lasting), times)


def _faulty(job: Job, unit: Unit, reason: str) -> Graded:
    reason = f"the grader failed, which is not the student's fault: {reason}"
    return ungradable(unit, reason=reason, verdict=Verdict.UNGRADABLE, **_common(job.submission, job.settings))


def _result(job: Job, reports: Sequence[Report], lasting: bool) -> Result:
    """A result; one that is not lasting has no key, so that the next run grades it again."""
    names = job.submission.student, job.submission.assignment
    return Result(*names, job.key if lasting else "", tuple(reports), problems=job.submission.problems)


def grade_entry(
    submission: Submission, unit: Unit, settings: Settings, workers: Workers, *, another: bool = False
) -> Graded:
    """Grade one unit of a submission; with `another`, a worker for the next one is started meanwhile."""
    common = _common(submission, settings)
    if unit.name in submission.problems:
        return ungradable(unit, reason=submission.problems[unit.name], verdict=Verdict.UNGRADABLE, **common)
    if unit.name not in submission.sources:
        return ungradable(unit, reason=f"no {unit.name}.py was handed in", verdict=Verdict.MISSING, **common)
    limits = limits_of(unit.limits, settings.seconds)
    use_device(settings.device)
    with workers.worker(unit.allowed_packages, limits, another=another) as worker:
        student = SandboxedStudent(
            worker,
            unit,
            submission.sources[unit.name],
            limits=limits,
            notebook=unit.name in submission.notebooks,
            given=lend,
        )
        return grade_unit(unit, student, hidden=settings.hidden, reveal=settings.reveal, **common)


def lend(function: str, arguments: Sequence[Any], options: dict[str, Any]) -> Any:
    """A function of `autograder.given`, called for a submission that may borrow it; not on more than is reasonable."""
    given = importlib.import_module("autograder.given")
    sizes = sorted((np.size(argument) for argument in (*arguments, *options.values())), reverse=True)
    if int(np.prod(sizes[:2], dtype=np.int64)) > MOST_WORK or sum(sizes) > MOST_ENTRIES:
        raise ValueError(f"{function} was asked to work on more than the course needs")
    found = getattr(given, function)(*arguments, **options)
    if sum(map(np.size, found if isinstance(found, tuple) else (found,))) > MOST_ENTRIES:
        raise ValueError(f"{function} has a larger answer than the course needs")
    return found


def _common(submission: Submission, settings: Settings) -> dict[str, Any]:
    return {"submission": submission.student, "seed": settings.seed, "sandbox": settings.sandbox}


def limits_of(limits: Limits, seconds: float | None) -> Limits:
    """The limits, with another deadline for one call if it is given."""
    return replace(limits, call_seconds=seconds) if seconds else limits


_workers: dict[str, Workers] = {}
_one_at_a_time = threading.Lock()  # a cluster's worker may run several threads, but drawing cases is no work for two


def run_job(job: Job) -> Done:
    """Grade one job with this process's own workers: what a runner runs."""
    with _one_at_a_time:
        workers = _workers.setdefault(job.settings.sandbox, Workers(job.settings.sandbox))
        return grade_submission(job, workers)


def close_workers() -> None:
    for workers in _workers.values():
        workers.close()
    _workers.clear()


def given_up(job: Job) -> Done:
    """The result for a job that nobody survived."""
    reason = "its process was killed each time it came to this submission (out of memory?)"
    units = [load(entry.path) for entry in job.settings.wanted(job.submission.assignment)]
    return Done(_result(job, [_faulty(job, unit, reason).report for unit in units], lasting=False), {})


def grade_all(
    submissions: Sequence[Submission],
    settings: Settings,
    store: Store,
    run: Callable[[Sequence[Job]], Iterator[Done]] = lambda jobs: map(run_job, jobs),
    page: Callable[[Result], str] = lambda result: "",
) -> Iterator[Done]:
    """Grade what has changed since the last run; yield each result once it is stored, in no certain order.

    `page` makes the page that is stored with a result.
    """
    todo: list[Job] = []
    for submission in submissions:
        job = make_job(submission, settings)
        known = store.load(submission.student, submission.assignment)
        if known and known.key == job.key:
            yield Done(known, {}, unchanged=True)
        else:
            todo.append(job)
    todo = [replace(job, another=index + 1 < len(todo)) for index, job in enumerate(todo)]
    for done in run(todo) if todo else ():
        store.save(done.result, done.times, page(done.result))
        yield done

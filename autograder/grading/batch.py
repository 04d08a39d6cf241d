"""Many submissions: what has to be graded, by whom, and where it goes."""

import functools
import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import autograder
import reference
from autograder.course import entries, load
from autograder.grading.grade import Graded, grade_unit, ungradable
from autograder.grading.seeds import Seed
from autograder.grading.store import Store, key
from autograder.grading.workers import Workers
from autograder.model import Limits, Result, Unit, Verdict
from autograder.sandbox.student import SandboxedStudent
from autograder.submission import Submission
from autograder.versions import versions


@dataclass(frozen=True, slots=True)
class Settings:
    """How a batch is graded; plain data, so that it can travel to another process or machine."""

    seed: Seed
    sandbox: str
    hidden: bool = True
    reveal: bool = False
    seconds: float | None = None


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
    )
    names = submission.student, submission.assignment
    return Job(submission, settings, key(names, sources, how, code_digest(), sorted(versions().items())))


def grade_submission(job: Job, workers: Workers) -> Done:
    """Grade every unit of one student's assignment."""
    times: dict[str, float] = {}
    reports = []
    submission = job.submission
    for entry in entries(submission.assignment):
        started = time.perf_counter()
        graded = _graded_whatever_happens(submission, load(entry.path), job, workers)
        reports.append(graded.report)
        times.update({f"{entry.name}.{check}": seconds for check, seconds in graded.seconds.items()})
        times[entry.name] = time.perf_counter() - started
    result = Result(submission.student, submission.assignment, job.key, tuple(reports), problems=submission.problems)
    return Done(result, times)


def _graded_whatever_happens(submission: Submission, unit: Unit, job: Job, workers: Workers) -> Graded:
    """A fault of the grader's own costs one unit of one submission, and says so; the class goes on."""
    try:
        return grade_entry(submission, unit, job.settings, workers, another=job.another)
    except Exception as error:
        reason = f"the grader failed, which is not the student's fault: {type(error).__name__}: {error}"
        return ungradable(unit, reason=reason, verdict=Verdict.UNGRADABLE, **_common(submission, job.settings))


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
    with workers.worker(unit.allowed_packages, limits, another=another) as worker:
        student = SandboxedStudent(
            worker, unit, submission.sources[unit.name], limits=limits, notebook=unit.name in submission.notebooks
        )
        return grade_unit(unit, student, hidden=settings.hidden, reveal=settings.reveal, **common)


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
    reason = "the grading process was killed each time it came to this submission (out of memory?)"
    common = _common(job.submission, job.settings)
    units = [load(entry.path) for entry in entries(job.submission.assignment)]
    graded = [ungradable(unit, reason=reason, verdict=Verdict.UNGRADABLE, **common) for unit in units]
    reports = tuple(one.report for one in graded)
    return Done(Result(job.submission.student, job.submission.assignment, job.key, reports), {})


def grade_all(
    submissions: Sequence[Submission],
    settings: Settings,
    store: Store,
    run: Callable[[Sequence[Job]], Iterator[Done]] = lambda jobs: map(run_job, jobs),
) -> Iterator[Done]:
    """Grade what has changed since the last run; yield each result once it is stored, in no certain order."""
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
        store.save(done.result, done.times)
        yield done

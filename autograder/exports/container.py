"""The grader inside another system's container: one submission, results written whatever happens.

`python -m autograder.exports.container --settings handgrad.json --submission FOLDER --out results.json`
"""

import argparse
import os
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from autograder.course import entries, load
from autograder.errors import GraderError, UsageError
from autograder.exports.files import to_json
from autograder.exports.graded import graded
from autograder.exports.protection import Protection, protect
from autograder.exports.results import Stored
from autograder.exports.roster import Person
from autograder.exports.systems import FAILED, System, system_named
from autograder.grading.batch import Settings, grade_entry
from autograder.grading.grade import ungradable
from autograder.grading.seeds import PUBLIC, Seed, read_secret
from autograder.grading.store import write_atomically
from autograder.grading.workers import Workers
from autograder.model import Report, Result, Unit, Verdict
from autograder.reporting.words import score_words
from autograder.submission import Submission, take_in_one

STUDENT = "submission"
LEAST_SECONDS = 5.0  # below which no unit is begun


class Order(msgspec.Struct):
    """handgrad.json: what to grade, and with how much."""

    system: str
    assignment: str
    units: list[str]
    seed: int = 0
    hidden: bool = True
    memory_mb: int = 320
    seconds: float = 540


@dataclass(frozen=True, slots=True)
class Grading:
    """How this submission is graded; `deadline` is the clock's time at which all must be done."""

    order: Order
    settings: Settings
    deadline: float

    def limited(self, unit: Unit) -> Unit:
        """The unit with the memory that this container has, and the time that is left."""
        left = max(0.0, self.deadline - time.monotonic())
        most = unit.limits.memory_bytes
        memory = most if "torch" in unit.allowed_packages else min(most, self.order.memory_mb << 20)
        seconds = min(unit.limits.submission_seconds, left)
        return replace(unit, limits=replace(unit.limits, memory_bytes=memory, submission_seconds=seconds))


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade, and write; the exit code is not 0 if the grader failed."""
    asked = _arguments(arguments)
    if asked.ready:
        print("handgrad is installed")
        return 0
    started = time.monotonic()
    try:
        order = read_order(asked.settings)
        system = system_named(order.system)
    except (GraderError, OSError) as error:
        print(f"handgrad: {error}", file=sys.stderr)
        return 3
    try:
        grade(order, system, asked.settings.parent, asked.submission, asked.out, started)
    except Exception:  # whatever it is, the student gets to know that it was not they
        traceback.print_exc()
        failure = system.failure(FAILED)
        if failure:
            write_atomically(asked.out, to_json(failure).encode())
        return 3
    return 0


def grade(order: Order, system: System, source: Path, submitted: Path, out: Path, started: float) -> None:
    """Grade what lies in `submitted` and write what `system` reads."""
    private = [source, out.parent, *map(Path, system.private)] if system.secret else []
    protection = protect([path for path in private if path.exists()], trusted=not system.secret)
    for remark in protection.remarks:
        print(f"handgrad: {remark}")
    seed = Seed(order.seed, read_secret(source / "secret") if system.secret else PUBLIC)
    settings = Settings(seed, protection.sandbox, hidden=order.hidden)
    submission = take_in_one(submitted, STUDENT, order.assignment)
    result = grade_units(Grading(order, settings, started + order.seconds), submission, protection)
    handed = graded(Stored(result), Person(STUDENT))
    for name, text in system.files(handed, protection.remarks).items():
        write_atomically(out.with_name(name) if name else out, text.encode("utf-8", "backslashreplace"))
    print(f"handgrad: {score_words(handed.score, handed.possible, handed.bonus)}, {time.monotonic() - started:.1f} s")


def grade_units(grading: Grading, submission: Submission, protection: Protection) -> Result:
    """Every unit gets a report: those for which no time is left too."""
    workers = Workers(protection.sandbox)
    try:
        with workers.submission():
            reports = tuple(_report(grading, submission, path, workers) for path in grading.order.units)
    finally:
        workers.close()
    return Result(STUDENT, submission.assignment, "graded", reports, problems=submission.problems)


def _report(grading: Grading, submission: Submission, path: str, workers: Workers) -> Report:
    unit = grading.limited(load(path))
    if unit.limits.submission_seconds < LEAST_SECONDS:
        reason = f"not begun: the {grading.order.seconds:g} seconds for all units were used up before"
        settings = grading.settings
        return ungradable(
            unit, submission=STUDENT, seed=settings.seed, sandbox=settings.sandbox, reason=reason,
            verdict=Verdict.TIMED_OUT,
        ).report  # fmt: skip
    return grade_entry(submission, unit, grading.settings, workers).report


def read_order(path: Path) -> Order:
    try:
        order = msgspec.json.decode(path.read_bytes(), type=Order)
    except msgspec.DecodeError as error:
        raise UsageError(f"{path} does not say what to grade: {error}") from error
    odd = set(order.units) - {entry.path for entry in entries(order.assignment)}
    if odd or not order.units:
        raise UsageError(f"{path}: {', '.join(sorted(odd)) or 'no unit'} is not of {order.assignment}")
    return order


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m autograder.exports.container", description="Grade one submission.")
    parser.add_argument("--ready", action="store_true", help="only say that everything is installed")
    parser.add_argument("--settings", type=Path, default=Path("handgrad.json"))
    parser.add_argument("--submission", type=Path, default=Path("."))
    parser.add_argument("--out", type=Path, default=Path("results.json"))
    return parser.parse_args(arguments)


if __name__ == "__main__":
    for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(_variable, "1")
    sys.exit(main())

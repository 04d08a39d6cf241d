"""Checking one's own files, one after the other, in one process that stays warm."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.archives import printable
from autograder.course import Entry, load
from autograder.errors import SubmissionError
from autograder.model import CheckResult, Report, Reveal
from autograder.submission import Submission, read_source


@dataclass(frozen=True, slots=True)
class How:
    """How to check. Of hidden checks the kind of failure and the hints are told, the rest with `reveal`."""

    sandbox: str = "auto"
    seed: int = 0
    seconds: float | None = None
    hidden: bool = False
    reveal: bool = False
    device: str = "cpu"


class Checker:
    """Checks files. What takes long (torch, the cases, a worker's start) is done once, or ahead."""

    def __init__(self, how: How) -> None:
        from autograder.grading.batch import Settings
        from autograder.grading.seeds import Seed
        from autograder.grading.workers import Workers, choose_sandbox

        self._workers = Workers(choose_sandbox(how.sandbox, trusted=True))
        self._settings = Settings(
            Seed(how.seed),
            self._workers.name,
            hidden=how.hidden or how.reveal,
            reveal=Reveal.ALL if how.reveal else Reveal.DIAGNOSIS,
            seconds=how.seconds,
            device=how.device,
        )

    def check(self, file: Path, entry: Entry) -> Report:
        from autograder.grading.batch import grade_entry

        submission = Submission(printable(str(file)), entry.assignment)
        try:
            submission.sources[entry.name] = read_source(file)
        except SubmissionError as error:
            submission.problems[entry.name] = f"{submission.student} cannot be checked: {error}"
        report = grade_entry(submission, load(entry.path), self._settings, self._workers).report
        if self._settings.reveal is Reveal.ALL:
            return report
        return replace(report, results=tuple(map(discreet, report.results)))

    @contextmanager
    def together(self) -> Iterator[None]:
        """Within, files share a worker; their code runs in children of it only."""
        with self._workers.submission():
            yield

    def ahead(self, entry: Entry) -> None:
        """Start the worker for the next check of a unit now."""
        from autograder.grading.batch import limits_of

        unit = load(entry.path)
        self._workers.ahead(unit.allowed_packages, limits_of(unit.limits, self._settings.seconds))

    def close(self) -> None:
        self._workers.close()


def discreet(result: CheckResult) -> CheckResult:
    """A result of which a hidden check tells the kind of failure and has hints, no more."""
    if not (result.hidden and result.diagnosis):
        return result
    return replace(result, diagnosis=replace(result.diagnosis, what="", when="", where="", laws=()))


def check_files(found: Sequence[tuple[Path, Entry]], how: How) -> Iterator[Report]:
    """Check files one by one."""
    checker = Checker(how)
    try:
        with checker.together():
            for file, entry in found:
                yield checker.check(file, entry)
    finally:
        checker.close()

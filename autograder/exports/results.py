"""The results that `handgrad grade --out FOLDER` left, read back: all, or an error that says which cannot be."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from autograder.errors import UsageError
from autograder.grading.adjustments import Adjustment, Adjustments, adjusted, read_adjustments
from autograder.model import RESULT_FORMAT, Report, Result

TIMES = ".times.json"
GRADE = "`handgrad grade SUBMISSIONS --out {}` makes them"


@dataclass(frozen=True, slots=True)
class Stored:
    """A result, and how long its checks took, by unit and check."""

    result: Result
    seconds: dict[str, float] = field(default_factory=dict)
    adjustments: dict[str, list[Adjustment]] = field(default_factory=dict)  # by unit

    @property
    def score(self) -> float:
        """The assignment's score, with what was given and taken by hand."""
        return round(min(sum(map(self.score_of, self.result.reports)), self.result.possible), 6)

    @property
    def bonus(self) -> float:
        """How much of `score` is bonus."""
        plain = sum(self.score_of(report) - self.bonus_of(report) for report in self.result.reports)
        return round(max(0.0, self.score - plain), 6)

    def score_of(self, report: Report) -> float:
        """A unit's score, with what was given and taken by hand."""
        return adjusted(report.score, self.adjustments.get(report.unit, ()))

    def bonus_of(self, report: Report) -> float:
        return min(report.bonus, self.score_of(report))


def read_results(folder: Path) -> list[Stored]:
    """Every result in a folder, by student and assignment; `UsageError` if there are none, or one is damaged."""
    if not folder.is_dir():
        what = "is no folder of results" if folder.exists() else "does not exist"
        raise UsageError(f"{folder} {what}; {GRADE.format(folder)}")
    found = [_read(path) for path in _files(folder)]
    if not found:
        raise UsageError(f"{folder} holds no results; {GRADE.format(folder)}")
    adjustments = read_adjustments(folder)
    found = [_with(adjustments, stored) for stored in found]
    return sorted(found, key=lambda stored: (stored.result.student, stored.result.assignment))


def unmatched(folder: Path, stored: Sequence[Stored]) -> list[Adjustment]:
    """Adjustments for which there is no result: told, never dropped in silence."""
    matched = {(each.result.student, unit) for each in stored for unit in each.adjustments}
    return [one for key, those in read_adjustments(folder).items() if key not in matched for one in those]


def _with(adjustments: Adjustments, stored: Stored) -> Stored:
    units = (report.unit for report in stored.result.reports)
    of_it = {unit: list(adjustments.get((stored.result.student, unit), ())) for unit in units}
    return replace(stored, adjustments={unit: those for unit, those in of_it.items() if those})


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("*/*.json")):
        if not (path.name.startswith(".") or path.name.endswith(TIMES)):  # a dot: half-written
            yield path


def _read(path: Path) -> Stored:
    try:
        result = msgspec.json.decode(path.read_bytes(), type=Result)
    except (OSError, msgspec.DecodeError) as error:
        raise UsageError(f"{path} is not a result of handgrad ({error}); grade again, or move it away") from error
    if result.format != RESULT_FORMAT:
        raise UsageError(f"{path} was written by another version of handgrad; grade again")
    if (result.student, result.assignment) != (path.parent.name, path.stem):
        raise UsageError(f"{path} is the result of {result.student}/{result.assignment}; it has been moved or renamed")
    return Stored(result, _seconds(path))


def _seconds(path: Path) -> dict[str, float]:
    try:
        times = json.loads(path.with_name(path.stem + TIMES).read_bytes())
    except (OSError, ValueError):
        return {}
    return {key: float(value) for key, value in times.items() if isinstance(value, int | float)}

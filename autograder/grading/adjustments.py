"""Points given or taken by hand: `adjustments.csv` beside the results, which no grading touches."""

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course import COURSE
from autograder.errors import UsageError

NAME = "adjustments.csv"
COLUMNS = ("student", "unit", "points", "reason")
UNITS = frozenset(entry.path for entry in COURSE)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Points that somebody gave (or took, if negative) for one unit of one student, and why."""

    student: str
    unit: str
    points: float
    reason: str


Adjustments = Mapping[tuple[str, str], Sequence[Adjustment]]


def read_adjustments(results: Path) -> dict[tuple[str, str], list[Adjustment]]:
    """The adjustments of a folder of results, by student and unit; `UsageError` names the line that is wrong."""
    path = results / NAME
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    found: dict[tuple[str, str], list[Adjustment]] = {}
    for adjustment in _rows(path, text):
        found.setdefault((adjustment.student, adjustment.unit), []).append(adjustment)
    return found


def adjusted(score: float, adjustments: Sequence[Adjustment]) -> float:
    """A unit's score with what was given and taken; never below 0."""
    return round(max(0.0, score + sum(each.points for each in adjustments)), 6)


def _rows(path: Path, text: str) -> Iterator[Adjustment]:
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise UsageError(f"{path}: the first line should be {','.join(COLUMNS)}")
    for row in reader:
        where = f"{path}, line {reader.line_num}"
        if None in row or None in row.values():
            raise UsageError(f"{where}: it should have {len(COLUMNS)} cells; put a reason with commas in quotes")
        yield _adjustment(where, *(row[column].strip() for column in COLUMNS))


def _adjustment(where: str, student: str, unit: str, points: str, reason: str) -> Adjustment:
    if unit not in UNITS:
        raise UsageError(f"{where}: there is no unit {unit!r}; write it as `handgrad list` does, convolution/conv2d")
    try:
        number = float(points)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(f"{where}: points should be a number such as 2 or -1.5, and are {points!r}")
    if not (student and reason):
        raise UsageError(f"{where}: who it is for, and a reason, are needed")
    return Adjustment(student, unit, number, reason)

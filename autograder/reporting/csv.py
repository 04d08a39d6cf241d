"""Scores as CSV: one line for each unit of each submission, or what nbgrader exports."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograder.model import Result
from autograder.reporting.escape import csv_cell

COLUMNS = ("student", "assignment", "unit", "score", "possible", "bonus")


def grades(results: Iterable[Result], points_by_hand: Mapping[tuple[str, str], float] | None = None) -> str:
    """The table as CSV text, sorted by student, assignment and the order of the course.

    `points_by_hand` replaces scores, by student and unit. `bonus` is how much of a score is bonus.
    """
    by_hand = points_by_hand or {}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for result in sorted(results, key=lambda result: (result.student, result.assignment)):
        for report in result.reports:
            unit = report.unit.rsplit("/", 1)[1]
            cells = csv_cell(result.student), csv_cell(result.assignment), unit
            score = by_hand.get((result.student, report.unit), report.score)
            bonus = min(report.bonus, score)
            writer.writerow((*cells, f"{score:g}", f"{report.possible:g}", f"{bonus:g}"))
    return text.getvalue()


def gradebook_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """nbgrader's table: the columns of all rows in the order in which they appear, empty where a row has none."""
    text = io.StringIO()
    columns = list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({column: csv_cell(value) if isinstance(value, str) else value for column, value in row.items()})
    return text.getvalue()

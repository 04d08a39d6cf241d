"""grades.csv: one line for each unit of each submission."""

import csv
import io
from collections.abc import Iterable

from autograder.model import Result
from autograder.reporting.escape import csv_cell

COLUMNS = ("student", "assignment", "unit", "score", "possible")


def grades(results: Iterable[Result]) -> str:
    """The table as CSV text, sorted by student, assignment and the order of the course."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for result in sorted(results, key=lambda result: (result.student, result.assignment)):
        for report in result.reports:
            unit = report.unit.rsplit("/", 1)[1]
            cells = csv_cell(result.student), csv_cell(result.assignment), unit
            writer.writerow((*cells, f"{report.score:g}", f"{report.possible:g}"))
    return text.getvalue()

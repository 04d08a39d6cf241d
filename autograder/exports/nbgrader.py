"""The table that `nbgrader export` writes, so that whatever reads that reads this."""

import csv
import io

from autograder.exports.graded import Export, Graded
from autograder.exports.roster import Person
from autograder.exports.text import cell

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
    "late_submission_penalty", "score", "max_score",
)  # fmt: skip


def render(export: Export) -> str:
    """A line for each assignment of each student; blank scores where there is no result: a zero is not ours to give."""
    possible = {graded.assignment: graded.possible for graded in export.graded}
    here = {(graded.assignment, graded.student) for graded in export.graded}
    people = {graded.student: graded.person for graded in export.graded}
    people |= {person.label: person for person in export.absent}
    rows = [_row(graded) for graded in export.graded]
    for assignment in export.assignments:
        missing = [student for student in people if (assignment, student) not in here]
        rows += [_blank(assignment, student, people[student], possible[assignment]) for student in missing]
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: (row["assignment"], row["student_id"])))
    return text.getvalue()


def _row(graded: Graded) -> dict[str, str]:
    blank = _blank(graded.assignment, graded.student, graded.person, graded.possible)
    if graded.failed:
        return blank
    score = str(float(graded.score))
    return blank | {"raw_score": score, "late_submission_penalty": "0.0", "score": score}


def _blank(assignment: str, student: str, person: Person, possible: float) -> dict[str, str]:
    who = {name: cell(person.get(name)) for name in ("last_name", "first_name", "email")}
    return {"assignment": assignment, "student_id": cell(student), **who, "max_score": str(float(possible))}

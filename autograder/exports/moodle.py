"""Moodle's offline grading worksheet: the one that was downloaded, with grades and feedback filled in."""

import csv
import html
import io
from collections.abc import Sequence

from autograder.errors import UsageError
from autograder.exports.graded import Export, Graded
from autograder.exports.roster import Person
from autograder.exports.text import cell
from autograder.reporting.escape import terminal
from autograder.reporting.words import score_words

COLUMNS = ("Identifier", "Full name", "Email address", "Grade", "Maximum Grade", "Last modified (grade)",
           "Feedback comments")  # fmt: skip
NEEDED = ("Identifier", "Grade", "Last modified (grade)")
MOST_LINES = 30


def render(export: Export) -> str:
    """The worksheet, in the order of the roster; who has no result keeps their line as it was."""
    if len(export.assignments) != 1:
        names = ", ".join(export.assignments)
        raise UsageError(
            f"a worksheet is of one assignment, and these are results of {names}; choose with --assignment"
        )
    columns = _columns(export)
    found = {id(graded.person): graded for graded in export.graded}
    everyone = [*export.roster.people, *(graded.person for graded in export.graded)]
    rows = []
    for person in {id(person): person for person in everyone}.values():  # those who are not in the roster come last
        graded = found.get(id(person))
        rows.append(_filled(graded, columns) if graded else _blank(person, columns))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row[column] for column in columns] for row in rows)
    return text.getvalue()


def largest_grades(export: Export) -> set[str]:
    """The maximum grades that Moodle's worksheet has, where they differ from the points that are possible."""
    theirs = {graded.person.row.get("Maximum Grade", ""): graded.possible for graded in export.graded}
    return {text for text, possible in theirs.items() if text and _number(text) != possible}


def _columns(export: Export) -> Sequence[str]:
    if not export.roster.columns:
        raise UsageError("moodle needs --roster: the grading worksheet downloaded from Moodle, or a table with a "
                         "column moodle_id, since Moodle knows people by its own numbers only")  # fmt: skip
    missing = [column for column in NEEDED if column not in export.roster.columns]
    if "Identifier" not in export.roster.columns:
        return COLUMNS
    if missing:
        raise UsageError(f"the worksheet has no column {missing[0]!r}; download it from Moodle again")
    return export.roster.columns


def _blank(person: Person, columns: Sequence[str]) -> dict[str, str]:
    own = {
        "Identifier": _identifier(person),
        "Full name": person.get("name") or f"{person.get('first_name')} {person.get('last_name')}".strip(),
        "Email address": person.get("email"),
    }
    return {column: cell(person.row.get(column, own.get(column, ""))) for column in columns}


def _filled(graded: Graded, columns: Sequence[str]) -> dict[str, str]:
    row = _blank(graded.person, columns)
    if not row.get("Full name"):
        row["Full name"] = cell(graded.student)
    if graded.failed:
        return row
    row["Grade"] = f"{graded.score:.2f}"
    if "Maximum Grade" in row and not row["Maximum Grade"]:
        row["Maximum Grade"] = f"{graded.possible:.2f}"
    if "Feedback comments" in row:
        row["Feedback comments"] = feedback(graded)
    return {column: row[column] for column in columns}


def feedback(graded: Graded) -> str:
    """What failed, in the HTML that Moodle makes of this column: escaped, on one line."""
    lines = [score_words(graded.score, graded.possible, graded.bonus)]
    for line in graded.shown:
        if not (line.passed or line.advice or line.optional):
            reason = line.text.partition("\n")[0]
            lines.append(f"{line.unit}: {line.summary}: {reason or line.verdict.value}")
    more = len(lines) - MOST_LINES
    lines = [*lines[:MOST_LINES], *([f"and {more} more"] if more > 0 else []), *graded.notes]
    return "<br>".join(html.escape(terminal(line, keep="")) for line in lines)


def _identifier(person: Person) -> str:
    number = person.get("moodle_id")
    return f"Participant {number}" if number.isdigit() else number


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None

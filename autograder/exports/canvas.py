"""Canvas's gradebook as CSV. A header that Canvas does not know creates an assignment, so its own are used again."""

import csv
import io
import re
from collections.abc import Mapping

from autograder.errors import UsageError
from autograder.exports.graded import Export, Graded
from autograder.exports.roster import Person
from autograder.exports.text import cell
from autograder.reporting.escape import terminal

COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
FIELDS = ("name", "canvas_id", "sis_user_id", "login", "section")
NUMBERED = re.compile(r"(?P<name>.*\S)\s*\((?P<id>\d+)\)")


def render(export: Export) -> str:
    """The table: people of the roster and of the results, a column for each header, blank where there is no result."""
    headers = export.headers or known_headers(export)
    by_student: dict[str, list[Graded]] = {}
    for graded in export.graded:
        by_student.setdefault(graded.student, []).append(graded)
    people = {student: those[0].person for student, those in by_student.items()}
    rows = [_who(student, people[student]) + _scores(those, headers) for student, those in by_student.items()]
    rows += [_who("", person) + [""] * len(headers) for person in export.absent]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*COLUMNS, *(cell(header) for header in headers.values())))
    writer.writerow(("    Points Possible", "", "", "", "", *(_possible(export, name) for name in headers)))
    ordered = sorted(rows, key=_by_name)
    writer.writerows(ordered)
    return text.getvalue()


def _by_name(row: list[str]) -> tuple[str, list[str]]:
    return row[0].casefold(), row


def known_headers(export: Export) -> dict[str, str]:
    """A header for each assignment: the one that the gradebook has for it, or its bare name."""
    found = {name: name for name in export.assignments}
    for column in export.roster.columns:
        match = NUMBERED.fullmatch(column)
        if match and match["name"] in found:
            found[match["name"]] = column
    return found


def chosen_headers(wanted: tuple[str, ...], export: Export) -> dict[str, str]:
    """What goes into each column asked for: "conv2d (12345)", or "conv2d=Homework 3 (12345)" if names differ."""
    headers: dict[str, str] = {}
    for text in wanted:
        name, _, header = text.rpartition("=")
        match = NUMBERED.fullmatch(header)
        name = (name or (match["name"] if match else header)).strip()
        if not any(graded.of(name) for graded in export.graded):
            only = export.assignments if len(export.assignments) == 1 else ()
            name = only[0] if only and "=" not in text else name
        if not any(graded.of(name) for graded in export.graded):
            units = ", ".join(dict.fromkeys(part.unit for graded in export.graded for part in graded.parts))
            raise UsageError(f"--assignment {text!r}: no result is called {name!r}; there are: "
                             f"{', '.join(export.assignments)}, and units {units}")  # fmt: skip
        if name in headers:
            raise UsageError(f"--assignment {text!r}: {name} has the column {headers[name]!r} already")
        headers[name] = header.strip()
    return headers


def creates(headers: Mapping[str, str]) -> list[str]:
    """The headers that carry no number of Canvas, so that an import would make new assignments."""
    return [header for header in headers.values() if not NUMBERED.fullmatch(header)]


def _who(student: str, person: Person) -> list[str]:
    fields = {name: person.get(name) for name in FIELDS}
    if not fields["name"]:
        last, first = person.get("last_name"), person.get("first_name")
        fields["name"] = ", ".join(part for part in (last, first) if part) or person.student or terminal(student)
    if not any((fields["canvas_id"], fields["sis_user_id"], fields["login"])):
        fields["login"] = person.student or student  # the only name that we have: as Canvas's log-in, it may match
    return [cell(fields[name]) for name in FIELDS]


def _scores(those: list[Graded], headers: Mapping[str, str]) -> list[str]:
    return [next((_score(each, name) for each in those if each.of(name)), "") for name in headers]


def _score(graded: Graded, name: str) -> str:
    found = graded.of(name)
    return f"{found[0]:.2f}" if found and not graded.failed else ""


def _possible(export: Export, name: str) -> str:
    return next((f"{found[1]:.2f}" for graded in export.graded if (found := graded.of(name))), "")

"""The roster: who the students are in the system that the grades go to.

Three kinds are told apart by their header: a table of our own (`student,name,...`, or nbgrader's and Classroom 50's,
which call that column `id` or `username`), a gradebook exported from Canvas, and a grading worksheet from Moodle.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import UsageError

KEYS = ("student", "id", "username")
OWN = ("name", "first_name", "last_name", "email", "section", "canvas_id", "sis_user_id", "login", "moodle_id")
RUN = ("submission", "commit", "release", "review", "datetime")
EXTRA = ("lms_user_id", "github_id", "username")
CANVAS = {"Student": "name", "ID": "canvas_id", "SIS User ID": "sis_user_id", "SIS Login ID": "login",
          "Section": "section"}  # fmt: skip
MOODLE = {"Identifier": "moodle_id", "Full name": "name", "Email address": "email", "ID number": "sis_user_id"}
PARTICIPANT = re.compile(r"\D*(\d+)")
NUMBERED = re.compile(r".+_(\d+)")  # a student's id from a download: name_12345
MAX_ROSTER = 16 << 20


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in the roster. `fields` have our names ("email"), `row` is the line as it was."""

    student: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    row: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def label(self) -> str:
        """How to speak of them."""
        names = (self.student, self.get("login"), self.get("name"), self.get("email"), self.get("canvas_id"))
        return next((name for name in names if name), "somebody without a name")

    @property
    def known_as(self) -> frozenset[str]:
        """What a folder of theirs may be called."""
        if self.student:
            return frozenset({self.student})
        names = ("login", "sis_user_id", "email", "canvas_id")
        return frozenset(self.get(name) for name in names) - {""}

    @property
    def number(self) -> str:
        """Their number in the downloads of Canvas and Moodle."""
        found = PARTICIPANT.fullmatch(self.get("moodle_id"))
        return self.get("canvas_id") or (found[1] if found else "")


@dataclass(frozen=True, slots=True)
class Roster:
    """Everyone, in the order of the file, and its columns."""

    people: tuple[Person, ...] = ()
    columns: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    """Students and people put together: by student, those whom the roster does not have, those who have no result."""

    people: dict[str, Person]
    unknown: tuple[str, ...]
    absent: tuple[Person, ...]


def read_roster(path: Path) -> Roster:
    """The people in a table; `UsageError` says what is wrong about it, and in which line."""
    header, rows = _table(path)
    names = _kind(path, header)
    people: list[Person] = []
    lines: dict[str, int] = {}
    for number, cells in rows:
        if len(cells) != len(header):
            raise UsageError(f"{path}, line {number}: {len(cells)} cells, but the header has {len(header)}")
        row = dict(zip(header, cells, strict=True))
        if "Student" in header and "Points Possible" in cells[0]:
            continue
        person = _person(row, names)
        key = person.student or person.get("canvas_id") or person.get("moodle_id") or person.get("login")
        if not key:
            raise UsageError(f"{path}, line {number}: nothing says who this is ({', '.join(names)[:60]} are empty)")
        if key in lines:
            raise UsageError(f"{path}, line {number}: {key} is in line {lines[key]} already")
        lines[key] = number
        people.append(person)
    if not people:
        raise UsageError(f"{path} has a header and nobody below it")
    return Roster(tuple(people), tuple(header), str(path))


def join(students: Iterable[str], roster: Roster) -> Joined:
    """Find the person for each student: by what they are called, or the number in the name of a download."""
    by_name, by_number = _index(roster.people)
    people: dict[str, Person] = {}
    owners: dict[int, str] = {}
    unknown = []
    for student in dict.fromkeys(students):
        number = NUMBERED.fullmatch(student)
        found = by_name.get(student) or (by_number.get(number[1]) if number else None) or []
        if len(found) > 1:
            raise UsageError(f"{roster.path}: {student} may be {found[0].label} or {found[1].label}")
        if not found:
            unknown.append(student)
            continue
        if id(found[0]) in owners:
            who = f"{owners[id(found[0])]} and {student}"
            raise UsageError(f"{roster.path}: {who} are both {found[0].label}; rename or remove one of the results")
        owners[id(found[0])] = student
        people[student] = found[0]
    return Joined(people, tuple(unknown), tuple(person for person in roster.people if id(person) not in owners))


def _index(people: Sequence[Person]) -> tuple[dict[str, list[Person]], dict[str, list[Person]]]:
    by_name: dict[str, list[Person]] = {}
    by_number: dict[str, list[Person]] = {}
    for person in people:
        for name in person.known_as:
            by_name.setdefault(name, []).append(person)
        if person.number and not person.student:
            by_number.setdefault(person.number, []).append(person)
    return by_name, by_number


def _table(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot read the roster {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 (byte {error.start}): save it as CSV UTF-8") from error
    if len(data) > MAX_ROSTER or "\0" in text:
        raise UsageError(f"{path} is not a table of people")
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="," if "," in first or ";" not in first else ";")
    try:
        rows = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise UsageError(f"{path}, line {reader.line_num}: {error}") from error
    if not rows:
        raise UsageError(f"{path} is empty; its first line should be a header such as student,name,email")
    return [cell.strip() for cell in rows[0][1]], rows[1:]


def _kind(path: Path, header: list[str]) -> dict[str, str]:
    """Which column is which of our fields."""
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise UsageError(f"{path}: the header has {twice[0]!r} twice")
    if {"Student", "ID"} <= set(header):
        return {name: CANVAS[name] for name in header if name in CANVAS}
    if "Identifier" in header:
        return {name: MOODLE[name] for name in header if name in MOODLE}
    lowered = {name: name.lower().replace(" ", "_") for name in header}
    key = next((key for key in KEYS if key in lowered.values()), "")
    odd = [name for name, lower in lowered.items() if lower != key and lower not in (*OWN, *RUN, *EXTRA)]
    if not key or odd:
        wrong = f"has no column {KEYS[0]!r}" if not key else f"has a column {odd[0]!r}, which means nothing here"
        raise UsageError(f"{path}: the header {wrong}; columns are: {', '.join((KEYS[0], *OWN))}, or give a gradebook "
                         "exported from Canvas or a grading worksheet from Moodle")  # fmt: skip
    return {name: "student" if lower == key else lower for name, lower in lowered.items()}


def _person(row: dict[str, str], names: Mapping[str, str]) -> Person:
    fields = {ours: row[theirs].strip() for theirs, ours in names.items()}
    return Person(fields.pop("student", ""), fields, row)

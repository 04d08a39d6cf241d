"""`handgrad export`: from a folder of results to a file for another system, and word of whoever is missing."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course import assignments as course_assignments
from autograder.errors import UsageError
from autograder.exports import canvas, moodle
from autograder.exports.formats import Format
from autograder.exports.graded import Export, Graded, graded
from autograder.exports.results import Stored, read_results, unmatched
from autograder.exports.roster import Joined, Person, Roster, join, read_roster
from autograder.exports.writing import write_many, write_one
from autograder.reporting.escape import terminal
from autograder.reporting.words import plural


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line."""

    format: Format
    results: Path
    out: Path
    roster: Path | None = None
    assignments: tuple[str, ...] = ()


def export_results(request: Request) -> bool:
    """Write the export; True if every result found its person and none was the grader's failure."""
    stored = _wanted(read_results(request.results), request)
    roster = read_roster(request.roster) if request.roster else Roster()
    export, joined = gather(stored, roster)
    if request.format.name == "canvas":
        headers = canvas.chosen_headers(request.assignments, export) or canvas.known_headers(export)
        export = replace(export, headers=headers)
    rendered = request.format.render(export)
    if isinstance(rendered, str):
        write_one(request.out, rendered)
    else:
        write_many(request.out, rendered)
    for each in unmatched(request.results, stored):
        say(f"adjustments.csv: no result for {each.student}, {each.unit} ({each.reason})")
    return _tell(request, export, joined)


def gather(stored: Sequence[Stored], roster: Roster) -> tuple[Export, Joined]:
    """Results and people put together."""
    students = [each.result.student for each in stored]
    alone = Joined({student: Person(student) for student in students}, (), ())
    joined = join(students, roster) if roster.people else alone
    strangers = {student: Person(student) for student in joined.unknown}
    people = {**joined.people, **strangers}
    those = tuple(graded(each, people[each.result.student]) for each in stored)
    return Export(those, joined.absent, roster=roster), joined


def _wanted(stored: list[Stored], request: Request) -> list[Stored]:
    """The results of the assignments that were asked for; Canvas's headers are no such names."""
    if request.format.name == "canvas" or not request.assignments:
        return stored
    there = dict.fromkeys(each.result.assignment for each in stored)
    for name in request.assignments:
        if name not in there:
            known = "" if name in course_assignments() else ", and no assignment of the course"
            raise UsageError(f"--assignment {name!r}: there is no result of it{known}; there are: {', '.join(there)}")
    return [each for each in stored if each.result.assignment in request.assignments]


def _tell(request: Request, export: Export, joined: Joined) -> bool:
    """Say what was written, and what the instructor has to look at."""
    students = {each.student for each in export.graded}
    say(f"wrote {request.out}: {plural(len(export.graded), 'result')} of {plural(len(students), 'student')}")
    for line in _advice(request, export):
        say(line)
    if joined.absent:
        say(f"in the roster, without a result ({len(joined.absent)}): {_names(joined.absent)}")
    if joined.unknown:
        say(f"NOT in the roster, with a result ({len(joined.unknown)}): {', '.join(joined.unknown)}")
    failed = [f"{each.student}/{each.assignment}" for each in export.graded if each.failed]
    if failed:
        say(f"the grader failed on {', '.join(failed)}: no score is given for these; grade again")
    return not (joined.unknown or failed)


def _advice(request: Request, export: Export) -> list[str]:
    lines = []
    new = canvas.creates(export.headers) if request.format.name == "canvas" else []
    if new:
        lines.append(f"Canvas will make a new assignment of {' and '.join(new)}; to use one that is there, give its "
                     f"number, which stands in Canvas's own export: --assignment \"{new[0]} (12345)\"")  # fmt: skip
    if request.format.name == "canvas" and not request.roster:
        lines.append("without --roster, ids are taken for log-ins of Canvas; the gradebook exported from Canvas serves")
    if request.format.name == "moodle":
        points = f"{_possible(export.graded):g}"
        lines += [
            f"Moodle's maximum grade is {theirs}, and the assignment has {points} points: set it to {points} in "
            "Moodle, or grades mean something else there"
            for theirs in sorted(moodle.largest_grades(export))
        ]
    return lines


def _possible(those: Sequence[Graded]) -> float:
    return max((each.possible for each in those), default=0)


def _names(people: Sequence[Person]) -> str:
    return ", ".join(person.label for person in people)


def say(text: str) -> None:
    print(terminal(text, keep=""), file=sys.stderr)

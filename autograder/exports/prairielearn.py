"""PrairieLearn's results.json. All of it is shown to the student, and it may be a megabyte at most."""

from typing import Any

from autograder.exports.files import per_student, to_json
from autograder.exports.graded import Export, Graded, Line
from autograder.exports.gradescope import summary
from autograder.exports.text import shorten, xml

MAX_BYTES = 1_000_000


def render(export: Export) -> dict[str, str]:
    """A results.json for each student and assignment."""
    return per_student(export.graded, lambda graded: {"results.json": as_text(graded)})


def as_text(graded: Graded) -> str:
    """The record as JSON; texts are cut shorter until it fits."""
    most = 4000
    text = to_json(results(graded, most))
    while len(text.encode("utf-8", "backslashreplace")) > MAX_BYTES and most > 10:
        most //= 2
        text = to_json(results(graded, most))
    return text


def results(graded: Graded, most: int = 4000) -> dict[str, Any]:
    """The record that PrairieLearn reads. What could not be run at all costs the student no attempt."""
    problems = [f"{part.unit}: {part.unreadable}" for part in graded.parts if part.unreadable]
    if graded.failed or (problems and len(problems) == len(graded.parts)):
        reasons = [graded.failed] if graded.failed else problems
        return {"gradable": False, "format_errors": [shorten(xml(reason), most) for reason in reasons]}
    tests = [_test(line, most) for line in graded.shown]
    earned, possible = graded.hidden
    if possible:
        tests.append({"name": "hidden checks", "points": round(earned, 6), "max_points": possible})
    return {
        "gradable": True,
        "score": round(min(1.0, graded.score / graded.possible), 6) if graded.possible else 0.0,
        "message": shorten(summary(graded), most),
        "output": shorten("\n".join(graded.printed.values()), most),
        "tests": tests,
    }


def _test(line: Line, most: int) -> dict[str, Any]:
    words = "advice, no points: " if line.advice else "bonus: " if line.bonus else ""
    message = "not attempted" if line.optional else line.text
    return {
        "name": f"{line.unit}: {line.check}",
        "description": words + line.summary,
        "points": line.earned,
        "max_points": line.possible,
        "message": shorten(message, most),
    }

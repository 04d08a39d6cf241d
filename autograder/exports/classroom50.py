"""Classroom 50's result.json, and the text of its release. What it does not know of a submission, nobody makes up."""

import os
from collections.abc import Mapping
from typing import Any

from autograder.errors import UsageError
from autograder.exports.files import per_student, to_json
from autograder.exports.graded import Export, Graded, Line
from autograder.reporting.escape import code_fence, markdown
from autograder.reporting.words import points, score_words

SCHEMA = "classroom50/result/v1"
# Their names, ours in the roster, and the variables of the environment in which a submission is graded.
FIELDS = {"submission": "SUBMISSION_TAG", "commit": "COMMIT_URL", "release": "RELEASE_URL", "review": "REVIEW_URL"}
HIDDEN = "hidden checks"


def render(export: Export) -> dict[str, str]:
    """A result.json and a release-body.md for each student and assignment."""
    classroom = os.environ.get("CLASSROOM", "")
    if not classroom:
        raise UsageError("classroom50 needs the environment variable CLASSROOM: the classroom's short name")
    alone = len(export.graded) == 1

    def contents(graded: Graded) -> dict[str, str]:
        known = {"classroom": classroom, "assignment": _slug(graded), **_fields(graded, alone)}
        return files(graded, known)

    return per_student(export.graded, contents)


def files(graded: Graded, known: Mapping[str, str]) -> dict[str, str]:
    return {"result.json": to_json(result(graded, known)), "release-body.md": body(graded)}


def result(graded: Graded, known: Mapping[str, str]) -> dict[str, Any]:
    """The record that Classroom 50 collects. Points are whole numbers there, and none exceeds its maximum."""
    if graded.failed:  # as Classroom 50 writes its own errors: nothing of nothing
        return {"schema": SCHEMA, **known, "score": 0, "max-score": 0, "tests": []}
    lines = [line for line in graded.shown if not (line.advice or line.bonus)]
    earned, hidden = [line.earned for line in lines], graded.hidden
    tests = [_test(line) for line in lines]
    if hidden[1]:
        earned.append(hidden[0])
        tests.append({"test-name": HIDDEN, "passed": hidden[0] == hidden[1], "max-score": round_half_up(hidden[1])})
    for test, score in zip(tests, whole(earned), strict=True):
        test["score"] = min(score, test["max-score"])
    return {
        "schema": SCHEMA,
        **known,
        "score": min(round_half_up(graded.score), round_half_up(graded.possible)),
        "max-score": round_half_up(graded.possible),
        "tests": tests,
    }


def whole(values: list[float]) -> list[int]:
    """Whole numbers near `values` that add up to their rounded sum: the largest remainders are rounded up."""
    floors = [int(value) for value in values]
    left = round_half_up(sum(values)) - sum(floors)
    order = sorted(range(len(values)), key=lambda index: floors[index] - values[index])
    for index in order[:left]:
        floors[index] += 1
    return floors


def round_half_up(value: float) -> int:
    return int(value + 0.5)


def body(graded: Graded) -> str:
    """The release's text: a table of what was checked, then what failed, as Markdown that no submission can steer."""
    if graded.failed:
        return f"{graded.failed}\n"
    rows = [f"| {markdown(line.unit)}: {markdown(line.summary)} | {_mark(line)} |" for line in graded.shown]
    earned, possible = graded.hidden
    if possible:
        rows.append(f"| {HIDDEN} | {points(earned)} of {points(possible)} |")
    failed = [line for line in graded.shown if line.text and not (line.passed or line.optional)]
    parts = [
        f"**{score_words(graded.score, graded.possible, graded.bonus)}**",
        "\n".join(["| check | points |", "|---|---|", *rows]),
    ]
    parts += [f"### {markdown(line.unit)}: {markdown(line.summary)}\n\n{code_fence(line.text)}" for line in failed]
    parts += [f"### {markdown(unit)}: printed\n\n{code_fence(text)}" for unit, text in graded.printed.items()]
    return "\n\n".join([*parts, *(markdown(note) for note in graded.notes)]) + "\n"


def _mark(line: Line) -> str:
    if line.advice:
        return "advice"
    kind = "bonus" if line.bonus else points(line.possible)
    return f"{points(line.earned)} of {kind}" if not line.bonus else f"{points(line.earned)} ({kind})"


def _test(line: Line) -> dict[str, Any]:
    return {
        "test-name": f"{line.unit}: {line.summary}",
        "passed": line.passed,
        "max-score": round_half_up(line.possible),
    }


def _slug(graded: Graded) -> str:
    return os.environ.get("ASSIGNMENT", "") or graded.assignment


def _fields(graded: Graded, alone: bool) -> dict[str, str]:
    """Where a submission lies: from the roster, or for a single one from the environment."""
    person = graded.person
    found = {ours: person.get(ours) or (os.environ.get(name, "") if alone else "") for ours, name in FIELDS.items()}
    found["review"] = found["review"] or found["commit"]
    found["datetime"] = person.get("datetime") or (os.environ.get("SUBMISSION_DATETIME", "") if alone else "")
    missing = [name for name, value in found.items() if not value]
    if missing:
        raise UsageError(f"classroom50 needs to know {', '.join(missing)} of {graded.student}: give columns of these "
                         f"names in --roster, or for one result {', '.join(FIELDS.values())} and SUBMISSION_DATETIME "
                         "in the environment")  # fmt: skip
    return {"assignment_type": "individual", "owner": person.get("username") or graded.student, **found}

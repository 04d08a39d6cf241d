"""Gradescope's results.json: for the student what they may see, for the instructor all of it."""

from typing import Any

from autograder.exports.files import per_student, to_json
from autograder.exports.graded import Export, Graded, Line, Part
from autograder.exports.text import xml
from autograder.reporting.words import of_them, points, score_words


def render(export: Export) -> dict[str, str]:
    """A results.json for each student and assignment."""
    return per_student(export.graded, lambda graded: {"results.json": to_json(results(graded))})


def results(graded: Graded, instructor: tuple[str, ...] = ()) -> dict[str, Any]:
    """The record that Gradescope reads; `instructor` are remarks that no student sees.

    Its score is the total: hidden tests carry no points of their own, or Gradescope would keep the total from students.
    """
    remarks = [_remark(number, text) for number, text in enumerate(instructor, 1)]
    tests = [] if graded.failed else [_hidden(line) if line.hidden else _test(line) for line in graded.lines]
    printed = [
        {"name": f"{unit}: what it printed", "output": text, "visibility": "visible"}
        for unit, text in graded.printed.items()
    ]
    return {
        "score": 0 if graded.failed else graded.score,
        "output": summary(graded),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [*tests, *printed, *remarks],
        "extra_data": {"assignment": graded.assignment, **graded.about},
    }


def summary(graded: Graded) -> str:
    """What a student reads first."""
    if graded.failed:
        return graded.failed
    lines = [score_words(graded.score, graded.possible, graded.bonus)]
    lines += [f"{part.unit}: {_score(part)}" for part in graded.parts]
    _, hidden = graded.hidden
    if hidden:
        lines.append(f"{points(hidden)} of the points are for hidden checks, which are not listed.")
    return xml("\n".join((*lines, *graded.notes)))


def _score(part: Part) -> str:
    if not part.possible:
        return score_words(part.score, part.possible)
    return f"{points(part.score)} of {points(part.possible)}{of_them(part.bonus)}"


def _test(line: Line) -> dict[str, Any]:
    test: dict[str, Any] = {"name": f"{line.unit}: {line.summary}", "output": line.text, "visibility": "visible"}
    if line.advice:
        return test | {"name": f"{line.unit}, advice without points: {line.summary}"}
    if line.bonus:
        test["name"] = f"{line.unit}, bonus: {line.summary}"
    if line.optional:  # nobody has to try it: no red mark
        return test | {"output": "not attempted"}
    status = "passed" if line.passed else "failed"
    return test | {"score": line.earned, "max_score": line.possible, "status": status}


def _hidden(line: Line) -> dict[str, Any]:
    output = f"{points(line.earned)} of {points(line.possible)} points\n{line.verdict.value}\n{line.text}".strip()
    name = f"{line.unit}, hidden: {line.summary}"
    return {
        "name": name,
        "output": output,
        "status": "passed" if line.passed else "failed",
        "visibility": "hidden",
    }


def _remark(number: int, text: str) -> dict[str, Any]:
    return {"name": f"For the instructor {number}", "output": xml(text), "visibility": "hidden"}

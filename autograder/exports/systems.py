"""The systems in which our grader runs by itself: what it writes there, and how it says that it failed."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from autograder.errors import UsageError
from autograder.exports import classroom50, gradescope, prairielearn
from autograder.exports.files import to_json
from autograder.exports.graded import Graded

Files = dict[str, str]
FAILED = "The grader itself failed, which is not your fault. Tell your instructor; handing in again may help."


@dataclass(frozen=True, slots=True)
class System:
    """`files(graded, remarks)` are the files to write, by name ("" for the one that is asked for).

    `failure(reason)` is the record to write where there is nothing to say but that; None if that is the exit code's
    task. Where it is `secret`, students must not read what the grader has; then none may run without protection.
    """

    files: Callable[[Graded, tuple[str, ...]], Files]
    failure: Callable[[str], dict[str, Any] | None]
    secret: bool = True
    private: tuple[str, ...] = ()  # beside the grader's own: what the system says of other people, or of answers


def system_named(name: str) -> System:
    if name not in SYSTEMS:
        raise UsageError(f"there is no system {name!r}; there are: {', '.join(SYSTEMS)}")
    return SYSTEMS[name]


def _gradescope(graded: Graded, remarks: tuple[str, ...]) -> Files:
    return {"": to_json(gradescope.results(graded, remarks))}


def _gradescope_failure(reason: str) -> dict[str, Any]:
    return {
        "score": 0,
        "output": reason,
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": [],
        "extra_data": {"failed": True},
    }


def _prairielearn(graded: Graded, remarks: tuple[str, ...]) -> Files:
    return {"": prairielearn.as_text(graded)}


def _prairielearn_failure(reason: str) -> dict[str, Any]:
    return {"gradable": False, "format_errors": [reason]}


def _classroom50(graded: Graded, remarks: tuple[str, ...]) -> Files:
    """What its runner tells in the environment; it stamps owner and type of the assignment itself."""
    get = os.environ.get
    known = {
        "classroom": get("CLASSROOM", ""),
        "assignment": get("ASSIGNMENT", graded.assignment),
        "assignment_type": get("ASSIGNMENT_TYPE", "individual"),
        "owner": get("OWNER") or get("USERNAME") or graded.student,
        **{ours: get(theirs, "") for ours, theirs in classroom50.FIELDS.items()},
        "datetime": get("SUBMISSION_DATETIME") or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    known["review"] = known["review"] or known["commit"]
    files = classroom50.files(graded, known)
    return {"": files.pop("result.json"), **files}


SYSTEMS = {
    "gradescope": System(_gradescope, _gradescope_failure, private=("/autograder/submission_metadata.json",)),
    "prairielearn": System(_prairielearn, _prairielearn_failure, private=("/grade/data",)),
    "classroom50": System(_classroom50, lambda reason: None, secret=False),
}

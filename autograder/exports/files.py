"""For formats of one file a student: where each goes, and JSON as they all write it."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from autograder.exports.graded import Graded
from autograder.reporting.escape import terminal

Contents = Callable[[Graded], dict[str, str]]


def per_student(graded: Iterable[Graded], contents: Contents) -> dict[str, str]:
    """`<student>/<assignment>/<name>` for every file that `contents` gives for a student's assignment."""
    files: dict[str, str] = {}
    folders: set[str] = set()
    for each in graded:
        folder = _free(f"{_safe(each.student)}/{each.assignment}", folders)
        folders.add(folder)
        files.update({f"{folder}/{name}": text for name, text in contents(each).items()})
    return files


def to_json(record: Any) -> str:
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _safe(student: str) -> str:
    """A student's id as a folder's name on any system."""
    return "".join("_" if character in '\\:*?"<>|' else character for character in terminal(student, keep=""))


def _free(folder: str, taken: set[str]) -> str:
    number, name = 2, folder
    while name in taken:
        name, number = f"{folder}-{number}", number + 1
    return name

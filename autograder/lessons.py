"""Notebooks as students get them: no answers, no outputs, nbgrader's cells locked and with their checksums.

The bytes are those that nbgrader would write, so that `handgrad release` and `nbgrader generate_assignment` agree, and
nbgrader itself is not needed.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

STUB = "# YOUR CODE HERE"
FORBIDDEN = ("HIDDEN TESTS", "MARK SCHEME")  # regions that only nbgrader knows how to remove
KEPT = ("kernelspec", "language_info")

Cell = dict[str, Any]


class LessonError(Exception):
    """A notebook that must not be released as it is; `cell` counts from 1."""

    def __init__(self, text: str, cell: int = 0) -> None:
        super().__init__(text)
        self.cell = cell


def strip_lesson(data: bytes, blank: Callable[[str, int], str]) -> bytes:
    """The released notebook; `blank(source, cell)` puts `STUB` in place of the answers in a cell's source."""
    notebook = read_lesson(data)
    cells = [_released(cell, number, blank) for number, cell in enumerate(notebook["cells"], 1)]
    kept = {key: value for key, value in notebook["metadata"].items() if key in KEPT}
    return write_lesson({"cells": cells, "metadata": kept, "nbformat": 4, "nbformat_minor": 5})


def read_lesson(data: bytes) -> dict[str, Any]:
    """A notebook of format 4.5, each cell's source as one string."""
    try:
        notebook: dict[str, Any] = json.loads(data)
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
            cell["metadata"], cell["id"]
    except (ValueError, KeyError, TypeError) as error:
        raise LessonError(f"it is not a notebook of format 4.5: {error!r}") from error
    return notebook


def write_lesson(notebook: dict[str, Any]) -> bytes:
    """Its file, byte for byte as Jupyter's own tools write it."""
    cells = [{**cell, "source": cell["source"].splitlines(keepends=True)} for cell in notebook["cells"]]
    text = json.dumps({**notebook, "cells": cells}, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def sources(path: Path) -> list[str]:
    """The text of each cell."""
    return [cell["source"] for cell in read_lesson(path.read_bytes())["cells"]]


def text_of(data: bytes) -> str:
    """What a reader of the notebook sees, as one text."""
    return "\n".join(cell["source"] for cell in read_lesson(data)["cells"])


def _released(cell: Cell, number: int, blank: Callable[[str, int], str]) -> Cell:
    marks = cell["metadata"].get("nbgrader", {})
    for words in FORBIDDEN:
        if words in cell["source"]:
            raise LessonError(f"'{words}' belongs into a unit's checks, not into a notebook", number)
    source = blank(cell["source"], number)
    if (source != cell["source"]) != bool(marks.get("solution")):
        raise LessonError("a solution cell has markers, and only a solution cell has", number)
    new = {"cell_type": cell["cell_type"], "id": cell["id"], "metadata": {}, "source": source}
    if cell["cell_type"] == "code":
        new |= {"execution_count": None, "outputs": []}
    if marks:
        new["metadata"] = _locked(marks) | {"nbgrader": _with_checksum(marks, new)}
    return new


def _locked(marks: Cell) -> Cell:
    """Grade cells and read-only cells can be neither edited nor deleted; answers can be edited."""
    if marks["solution"]:
        return {"deletable": False}
    return {"deletable": False, "editable": False} if marks["grade"] or marks["locked"] else {}


def _with_checksum(marks: Cell, cell: Cell) -> Cell:
    """nbgrader's metadata with the checksum by which it sees that a cell was changed."""
    locked = not marks["solution"] and (marks["grade"] or marks["locked"])
    parts = [cell["source"], cell["cell_type"], *map(str, (marks["grade"], marks["solution"], locked))]
    parts += [marks["grade_id"], *([str(float(marks["points"]))] if marks["grade"] else [])]
    checksum = hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()
    return {**marks, "cell_type": cell["cell_type"], "checksum": checksum}

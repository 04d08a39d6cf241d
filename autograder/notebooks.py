"""Notebooks as submissions: the source text of their code cells. Nothing is run here, and outputs are not looked at."""

import json
from typing import Any

from autograder.errors import SubmissionError

MAGIC = ("%", "!", "?")


def source_of(data: bytes) -> str:
    """The code cells of a notebook's file as one text, magics commented out; `SubmissionError` if it is none."""
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SubmissionError("it is not a notebook: its JSON is broken") from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise SubmissionError("it is not a notebook of format 4: it has no cells")
    texts = [_text(cell) for cell in cells if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    return "\n".join(f"# code cell {number}\n{text}\n" for number, text in enumerate(texts, 1))


def _text(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str) or source.lstrip().startswith("%%"):
        return "# (not Python)"
    return "\n".join(_plain(line) for line in source.splitlines())


def _plain(line: str) -> str:
    """The line, or a comment in its place if it is a magic that only IPython understands."""
    bare = line.lstrip()
    return f"{line[: len(line) - len(bare)]}pass  # {bare}" if bare.startswith(MAGIC) else line

"""Notebooks as submissions: the source text of their code cells. Nothing is run here, and outputs are not looked at."""

import json
import re
from typing import Any

from autograder.errors import SubmissionError

# What only IPython understands: `%magic`, `!command`, `?name`, `name?`, `files = !ls`. Not `% b` or `!= b`, which
# continue an expression.
MAGIC = re.compile(r"[ \t]*(%{1,2}[A-Za-z]|!(?!=)|\?|[\w.]+\?{1,2}[ \t]*$|[\w, \t]+=[ \t]*(!|%[A-Za-z]))")
PYTHON_CELL = re.compile(r"%%(time|timeit|capture|prun)\b")


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
    if not isinstance(source, str) or _is_foreign(source.lstrip()):
        return "# (not Python)"
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")  # splitlines would split strings at \u2028
    return "\n".join(map(_plain, lines))


def _is_foreign(source: str) -> bool:
    """Whether a cell is in another language, as its `%%bash` says."""
    return source.startswith("%%") and not PYTHON_CELL.match(source)


def _plain(line: str) -> str:
    """The line, or in its place a statement that does nothing if only IPython understands it."""
    bare = line.lstrip(" \t")
    return f"{line[: len(line) - len(bare)]}pass  # {bare}" if MAGIC.match(line) else line

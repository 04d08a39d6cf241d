"""Write the notebooks of the units, solutions/<unit>.ipynb, from tools/lessons/<unit>.py.

    python tools/notebooks.py

A lesson is a script whose cells begin with `# %%`: `# %% [markdown]` is text, `# %% solution NAME` holds an answer
between markers. In front comes the set-up below, at the end the graded cell, which carries the unit's points. A unit
without a lesson has a notebook that was written by hand.
"""

import json
import re
from pathlib import Path
from typing import Any

from autograder.course import COURSE, Entry
from autograder.lessons import write_lesson

ROOT = Path(__file__).parents[1]
LESSONS = ROOT / "tools" / "lessons"
CELL = re.compile(r"^# %%(.*)\n", re.MULTILINE)
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}

SET_UP = '''\
%load_ext autograder
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from autograder import check


def show(*images, titles=()):
    """Images side by side; where there are negative values too, red is positive and blue negative."""
    _, axes = plt.subplots(1, len(images), figsize=(1.7 * len(images), 1.9), squeeze=False)
    for axis, image, title in zip(axes[0], images, [*titles, *[""] * len(images)]):
        most, signed = np.abs(image).max() or 1, np.min(image) < 0
        axis.imshow(image, cmap="RdBu_r" if signed else "gray_r", vmin=-most if signed else 0, vmax=most)
        axis.set_title(title, fontsize=9)
        axis.set_axis_off()
    plt.show()


digits = load_digits().images / 16  # 1797 images of 8 by 8, from 0 to 1
'''
GRADED = """\
## How far you are

The cell below checks all of `{name}.py` and shows what is wrong, when and where. Edit the file, save it, run the cell
again. Marks are given for the file, with checks that you do not see here beside these."""


def cell(kind: str, number: int, source: str, **marks: Any) -> dict[str, Any]:
    """A cell of format 4.5; with `marks`, one that nbgrader knows."""
    new = {"cell_type": kind, "id": f"cell-{number:02}", "metadata": {}, "source": source.strip("\n")}
    if kind == "code":
        new |= {"execution_count": None, "outputs": []}
    if marks:
        default = {"grade": False, "locked": False, "schema_version": 3, "solution": False, "task": False}
        new["metadata"] = {"nbgrader": default | marks}
    return new


def lesson_cells(text: str) -> list[tuple[str, str]]:
    """The cells of a lesson: what stands behind `# %%`, and the text below it."""
    head, *parts = CELL.split(text)
    assert not head.strip(), "a lesson begins with # %%"
    return [(kind.strip(), body) for kind, body in zip(parts[::2], parts[1::2], strict=True)]


def make(entry: Entry) -> bytes:
    """The notebook of a unit."""
    (_, title), *story = lesson_cells((LESSONS / f"{entry.path}.py").read_text(encoding="utf-8"))
    cells = [cell("markdown", 1, prose(title)), cell("code", 2, SET_UP)]
    for number, (kind, body) in enumerate(story, 3):
        if kind == "[markdown]":
            cells.append(cell("markdown", number, prose(body)))
        elif kind.startswith("solution "):
            name = kind.removeprefix("solution ")
            cells.append(cell("code", number, body, grade_id=name, solution=True))
        else:
            cells.append(cell("code", number, body))
    cells.append(cell("markdown", len(cells) + 1, GRADED.format(name=entry.name)))
    marks = {"grade": True, "locked": True, "grade_id": entry.name, "points": entry.points}
    cells.append(cell("code", len(cells) + 1, f'check("{entry.path}")', **marks))
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return write_lesson({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def prose(body: str) -> str:
    """Markdown out of the comment that it stands in."""
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in body.strip("\n").split("\n"))


def code_of(data: bytes) -> str:
    """The code cells of a notebook as a script, without what only IPython understands."""
    sources = ["".join(cell["source"]) for cell in json.loads(data)["cells"] if cell["cell_type"] == "code"]
    return "\n\n".join(re.sub(r"^%.*$", "", source, flags=re.MULTILINE) for source in sources)


def main() -> None:
    for entry in COURSE:
        if not (LESSONS / f"{entry.path}.py").exists():
            continue
        target, new = ROOT / "solutions" / f"{entry.path}.ipynb", make(entry)
        if not target.exists() or target.read_bytes() != new:
            target.write_bytes(new)
            print(f"wrote {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

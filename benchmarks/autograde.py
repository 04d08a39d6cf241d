"""Thirty submissions through `nbgrader autograde`: our preprocessors, alone and after `handgrad grade`, and stock.

Each hands in conv2d.py and its notebook. The stock course has the same functions in a notebook with three test cells
(see `throughput.py`), which a kernel runs: no sandbox, a fraction of the cases, no explanation.
"""

import argparse
import shutil
import sys
from pathlib import Path

from common import ROOT, scratch, table
from notebooks import nbgrader_course
from throughput import Cost, cost_of, sources

UNIT = "convolution/conv2d"
NBGRADER = [sys.executable, "-W", "ignore", "-m", "nbgrader"]


def our_course(root: Path, count: int) -> None:
    """A course of one unit, released and handed in."""
    shutil.copy(ROOT / "nbgrader_config.py", root)
    for suffix in (".py", ".ipynb"):
        target = root / "solutions" / f"{UNIT}{suffix}"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "solutions" / f"{UNIT}{suffix}", target)
    cost_of([*NBGRADER, "generate_assignment", "convolution"], root)
    for number, files in enumerate(sources(count)):
        folder = root / "submitted" / f"student{number:05}" / "convolution"
        shutil.copytree(root / "assignments" / "convolution", folder)
        text = files[UNIT].read_text(encoding="utf-8")
        (folder / "conv2d.py").write_text(f"{text}\n# {number}\n", encoding="utf-8")


def measured(count: int, jobs: int) -> list[tuple[str, Cost]]:
    autograde = [*NBGRADER, "autograde", "convolution"]
    grade = [sys.executable, "-m", "autograder.cli", "grade", "submitted", "--out", "results", "-j", str(jobs)]
    rows = []
    with scratch() as root:
        our_course(root, count)
        rows.append(("autograde, which grades", cost_of(autograde, root)))
        shutil.rmtree(root / "autograded")
        shutil.rmtree(root / "results")
        rows.append((f"handgrad grade, {jobs} processes", cost_of(grade, root)))
        rows.append(("autograde, which reads", cost_of(autograde, root)))
    with scratch() as root:
        nbgrader_course(root, sys.executable, sources(count))
        stock = [*NBGRADER, "autograde", "homework", f"--CourseDirectory.root={root}"]
        rows.append(("stock autograde, kernels", cost_of(stock, root)))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    rows = measured(arguments.students, arguments.jobs)
    shown = [
        (name, f"{cost.wall:.1f}", f"{cost.cpu:.1f}", f"{cost.wall / arguments.students:.2f}") for name, cost in rows
    ]
    table(("command", "wall, s", "CPU, s", "wall a submission, s"), shown)


if __name__ == "__main__":
    main()

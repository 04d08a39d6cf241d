"""A class of conv2d and pooling: wall and processor time per submission, beside nbgrader and otter.

The class is made of the sample class's files, right and wrong ones, over and over, two units a student. Every line of
the first table is one `handgrad grade` in a process of its own, sandbox and reports included; "marginal" takes the
start of the grader off: the difference between the larger and the smaller class, divided by the difference in size.

`--nbgrader PYTHON` and `--otter PYTHON` name an interpreter where those are installed. They grade notebooks with the
same students' functions and three test cells (shapes and values of conv2d, its gradients by entry-by-entry
differences, values and gradients of pooling), as an instructor would write them: a fraction of the cases, no sandbox.
"""

import argparse
import csv
import functools
import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from common import ROOT, scratch, table
from notebooks import beside, nbgrader_course, otter_course

CLASS = ROOT / "tests" / "submissions" / "class"
UNITS = ("convolution/conv2d", "convnets/pooling")
CONV2D = ("ada", "bela", "chen", "goran", "hana", "dario", "jonas", "kofi", "emil", "lena", "mateo", "fatou", "priya")
POOLING = ("ada", "emil", "bela", "goran", "chen", "jonas", "rosa", "lena", "omar", "priya", "ravi")

RIGHT = ("bela", "chen")  # of both units


@dataclass(frozen=True)
class Cost:
    wall: float
    cpu: float
    memory: float  # MiB, of the largest process


def sources(count: int, right: bool = False) -> list[dict[str, Path]]:
    """The files of `count` students: the sample class's, over and over, or only those that are right."""
    pairs = zip(itertools.cycle(RIGHT if right else CONV2D), itertools.cycle(RIGHT if right else POOLING), range(count))
    return [{unit: CLASS / name / f"{unit}.py" for unit, name in zip(UNITS, names, strict=True)} for *names, _ in pairs]


def hand_in(folder: Path, count: int, right: bool = False) -> Path:
    """A folder of submissions in the grader's layout; each file has a line of its own, so that none is the same."""
    for number, files in enumerate(sources(count, right)):
        for unit, path in files.items():
            target = folder / f"student{number:05}" / f"{unit}.py"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(path.read_text(encoding="utf-8") + f"\n# {number}\n", encoding="utf-8")
    return folder


def cost_of(command: list[str], folder: Path) -> Cost:
    """Time and memory of a command and all its children, as the system counts them for a process that has ended."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=beside(command[0]), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    error = process.stderr.read() if process.stderr else ""
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    if status:
        sys.exit(f"{' '.join(command)} failed:\n{error[-3000:]}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / (1 if sys.platform == "darwin" else 1024))


def handgrad(count: int, jobs: int, sandbox: str, right: bool = False) -> Cost:
    with scratch() as folder:
        submissions = hand_in(folder / "submitted", count, right)
        secret = folder / "secret"
        secret.write_text("a secret that is no secret\n")
        command = [
            sys.executable, "-m", "autograder.cli", "grade", str(submissions), "--out", str(folder / "out"),
            "--jobs", str(jobs), "--sandbox", sandbox, "--secret-file", str(secret),
        ]  # fmt: skip
        cost = cost_of(command, ROOT)
        with open(folder / "out" / "grades.csv") as grades:
            found = len({row["student"] for row in csv.DictReader(grades)})
        if found != count:
            sys.exit(f"{found} of {count} students are in grades.csv")
        return cost


def row(label: str, count: int, cost: Cost, before: tuple[int, Cost] | None) -> list[object]:
    wall, cpu = cost.wall / count, cost.cpu / count
    marginal = ["", ""]
    if before:
        more, smaller = count - before[0], before[1]
        marginal = [f"{(cost.wall - smaller.wall) / more * 1e3:.0f}", f"{(cost.cpu - smaller.cpu) / more * 1e3:.0f}"]
    return [label, count, f"{cost.wall:.1f}", f"{wall * 1e3:.0f}", f"{cpu * 1e3:.0f}", *marginal, f"{cost.memory:.0f}"]


HEADER = (
    "grader", "submissions", "wall, s", "wall each, ms", "CPU each, ms", "marginal wall, ms", "marginal CPU, ms",
    "largest process, MiB",
)  # fmt: skip


def measured(label: str, sizes: list[int], run: Callable[[int], Cost]) -> list[list[object]]:
    rows = []
    before: tuple[int, Cost] | None = None
    for count in sizes:
        cost = run(count)
        rows.append(row(label, count, cost, before))
        before = count, cost
    return rows


def nbgrader(python: str, count: int) -> Cost:
    with scratch() as folder:
        nbgrader_course(folder, python, sources(count))
        return cost_of([python, "-m", "nbgrader", "autograde", "homework", f"--CourseDirectory.root={folder}"], folder)


def otter(python: str, count: int) -> Cost:
    with scratch() as folder:
        archive = otter_course(folder, python, sources(count))
        costs = [
            cost_of([python, "-m", "otter", "run", "-a", archive.name, "--no-logo", path.name], folder)
            for path in sorted(folder.glob("student*.ipynb"))
        ]
    return Cost(sum(c.wall for c in costs), sum(c.cpu for c in costs), max(c.memory for c in costs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=int, default=[30, 300], help="numbers of submissions")
    parser.add_argument("--jobs", nargs="+", type=int, default=[1, 2], help="numbers of processes")
    parser.add_argument("--growth", type=int, nargs="?", const=3000, help="one more size, for growth")
    parser.add_argument("--right", action="store_true", help="beside the mixed class, one that makes no mistakes")
    parser.add_argument("--sandbox", default="auto")
    parser.add_argument("--nbgrader", metavar="PYTHON", help="an interpreter that has nbgrader and ipykernel")
    parser.add_argument("--otter", metavar="PYTHON", help="an interpreter that has otter-grader and ipykernel")
    parser.add_argument("--notebooks", nargs="+", type=int, default=[4, 16], help="submissions for those two")
    options = parser.parse_args()
    sizes = [*options.sizes, *([options.growth] if options.growth else [])]
    rows = []
    for jobs in options.jobs:
        label = f"handgrad, {jobs} process{'es' if jobs > 1 else ''}"
        rows += measured(label, sizes, lambda count, jobs=jobs: handgrad(count, jobs, options.sandbox))
        if options.right:
            run = functools.partial(handgrad, jobs=jobs, sandbox=options.sandbox, right=True)
            rows += measured(f"{label}, right files", options.sizes, run)
    if options.nbgrader:
        rows += measured("nbgrader autograde", options.notebooks, lambda count: nbgrader(options.nbgrader, count))
    if options.otter:
        rows += measured("otter run", options.notebooks[:1], lambda count: otter(options.otter, count))
    table(HEADER, rows)


if __name__ == "__main__":
    main()

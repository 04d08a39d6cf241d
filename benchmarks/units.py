"""A line for each unit: points, checks, hidden points, known mistakes, cases, seconds for the solution and the stub.

On one core, in a sandbox, with the cases drawn before (as for the second student of a class). Checks whose name holds
"experiment" train something; their seconds stand apart.
"""

import argparse
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from common import ROOT, one_core, solution, table

from autograder.course import COURSE, load
from autograder.grading.batch import Settings, grade_entry
from autograder.grading.grade import Graded
from autograder.grading.seeds import Seed
from autograder.grading.workers import Workers, choose_sandbox
from autograder.judging.cases import draw
from autograder.model import Unit
from autograder.submission import Submission, read_source


def grade(unit: Unit, file: Path, workers: Workers) -> tuple[Graded, float, float]:
    """The report, all seconds but those of experiments, and the seconds of experiments."""
    submission = Submission("somebody", unit.assignment, {unit.name: read_source(file)})
    started = time.perf_counter()
    with workers.submission():
        graded = grade_entry(submission, unit, Settings(Seed(), workers.name), workers)
    took = time.perf_counter() - started
    training = sum(seconds for name, seconds in graded.seconds.items() if "experiment" in name)
    return graded, took - training, training


def row(unit: Unit, workers: Workers, runs: int) -> Sequence[object]:
    """One line of the table; the first run, which draws the cases, is not counted."""
    stub = ROOT / "assignments" / f"{unit.path}.py"
    right = [grade(unit, solution(unit.path), workers) for _ in range(runs + 1)][1:]
    empty = [grade(unit, stub, workers) for _ in range(runs)]
    counted = [check for check in unit.checks if not (check.law or check.advice)]
    hidden = sum(check.points for check in counted if check.hidden and not check.bonus)
    sources = {check.given for check in counted if check.given}
    cases = sum(len(draw(source, Seed().of(unit.path, source.name))) for source in sources)
    seconds = [statistics.median(run[place] for run in right) for place in (1, 2)]
    scores = f"{right[0][0].report.score:g}/{unit.possible:g}", f"{empty[0][0].report.score:g}"
    times = *(f"{value:.2f}" for value in seconds), f"{statistics.median(run[1] for run in empty):.2f}"
    return unit.path, *scores, len(counted), f"{hidden:g}", len(unit.misconceptions), cases, *times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--unit", action="append", help="measure only this unit (may be repeated)")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    one_core()
    workers = Workers(choose_sandbox("auto", trusted=True))
    rows = [row(load(e.path), workers, options.runs) for e in COURSE if not options.unit or e.path in options.unit]
    workers.close()
    table(HEADER, rows)
    for assignment in dict.fromkeys(str(line[0]).split("/")[0] for line in rows):
        of_it = [line for line in rows if str(line[0]).startswith(assignment)]
        sums = [sum(float(str(line[place])) for line in of_it) for place in (7, 8)]
        print(f"{assignment}: {sums[0]:.2f} s for the solution, and {sums[1]:.2f} s of training")


HEADER = (
    "unit", "solution", "stub", "checks", "hidden points", "known mistakes", "cases", "solution s", "training s",
    "stub s",
)  # fmt: skip

if __name__ == "__main__":
    main()

"""How long one submission takes on one core, beside what no grader can save.

What no grader can save: starting the sandbox with Python and NumPy in it, and the student's own computing on the same
cases (the very calls that the grader made, replayed in a plain loop in a fresh process): their sum is the floor.
"In a row" is the time per submission in a batch, where the next sandbox starts while a submission is graded.
"""

import argparse
import pickle
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from common import UNITS, load_unit, milliseconds, one_core, scratch, solution, table

from autograder.grading.grade import grade_unit
from autograder.grading.seeds import Seed
from autograder.grading.workers import Workers, choose_sandbox
from autograder.judging.cases import draw
from autograder.model import Request, Unit
from autograder.sandbox.student import SandboxedStudent

REPLAY = """
import pickle, sys, time
import numpy as np
calls = pickle.load(open(sys.argv[2], "rb"))
names = {}
exec(compile(open(sys.argv[1]).read(), "student.py", "exec"), names)
def copies(arguments):
    return [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
for repeat in range(int(sys.argv[3])):
    ready = [(names[function], copies(arguments), options) for function, arguments, options in calls]
    started = time.perf_counter()
    for function, arguments, options in ready:
        function(*arguments, **options)
    print(time.perf_counter() - started)
"""


class Recording(SandboxedStudent):
    """Keeps what it was asked."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.asked: list[Request] = []

    def _run(self, request: Request) -> Any:
        self.asked.append(request)
        return super()._run(request)

    def _at_once(self, requests: Sequence[Request]) -> list[Any]:
        self.asked += requests
        return super()._at_once(requests)


def graded(unit: Unit, source: str, workers: Workers) -> tuple[float, Recording]:
    """Seconds for a submission from nothing to its report, and the student, who knows what was asked."""
    started = time.perf_counter()
    with workers.worker(unit.allowed_packages, unit.limits) as worker:
        student = Recording(worker, unit, source)
        report = grade_unit(unit, student, submission="x", seed=Seed(), sandbox=workers.name).report
    seconds = time.perf_counter() - started
    assert report.passed, [result for result in report.results if result.message]
    return seconds, student


def in_a_row(unit: Unit, source: str, workers: Workers, count: int) -> float:
    """Seconds a submission in a batch: while one is graded, the next one's sandbox is being started."""
    started = time.perf_counter()
    for index in range(count):
        with workers.worker(unit.allowed_packages, unit.limits, another=index + 1 < count) as worker:
            grade_unit(unit, Recording(worker, unit, source), submission="x", seed=Seed(), sandbox=workers.name)
    return (time.perf_counter() - started) / count


def start(unit: Unit, workers: Workers) -> float:
    """Seconds to start a sandbox with Python, the unit's packages and one child in it, and to end it."""
    started = time.perf_counter()
    with workers.worker(unit.allowed_packages, unit.limits) as worker:
        worker.fork().close()
    return time.perf_counter() - started


def own_compute(path: Path, asked: list[Request], runs: int) -> float:
    """Median seconds of the student's functions alone; the first pass, which also warms NumPy up, counts as one."""
    with scratch() as folder:
        calls = folder / "calls"
        calls.write_bytes(pickle.dumps([(r.function, r.arguments, dict(r.options)) for r in asked]))
        command = [sys.executable, "-c", REPLAY, str(path), str(calls), "1"]
        return statistics.median(
            float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(runs)
        )


def cases(unit: Unit) -> int:
    """How many cases a submission is judged on, laws aside: checks that share their cases count them once."""
    givens = {check.given for check in unit.checks if check.given and not check.law}
    return sum(len(draw(given, Seed().of(unit.path, given.name))) for given in givens)


def measure(path: str, runs: int, workers: Workers) -> list[object]:
    unit, file = load_unit(path), solution(path)
    source = file.read_text(encoding="utf-8")
    for _ in range(2):
        graded(unit, source, workers)  # the cases are drawn and the oracle is asked once a process, not a submission
    whole, floor, starts = [], [], []
    for _ in range(runs):
        seconds, student = graded(unit, source, workers)
        starts.append(start(unit, workers))
        floor.append(starts[-1] + own_compute(file, student.asked, 1))
        whole.append(seconds)
    ratio = statistics.median(a / b for a, b in zip(whole, floor, strict=True))
    times = [statistics.median(values) for values in (starts, floor, whole)]
    row = in_a_row(unit, source, workers, runs)
    return [
        path, cases(unit), len(student.asked), milliseconds(times[0]), milliseconds(times[1] - times[0]),
        *map(milliseconds, times[1:]), f"{ratio:.2f}", milliseconds(row), f"{row / times[1]:.2f}",
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15, help="submissions measured for each unit")
    parser.add_argument("--sandbox", default="auto", help="auto, bubblewrap or none")
    parser.add_argument("--units", nargs="*", default=UNITS)
    options = parser.parse_args()
    one_core()
    workers = Workers(choose_sandbox(options.sandbox, trusted=True))
    print(f"One submission (the model answer) on one core, sandbox: {workers.name}; medians of {options.runs}, ms\n")
    header = ("unit", "cases", "calls", "start", "own compute", "floor", "graded", "ratio", "in a row", "ratio")
    table(header, [measure(path, options.runs, workers) for path in options.units])
    workers.close()


if __name__ == "__main__":
    main()

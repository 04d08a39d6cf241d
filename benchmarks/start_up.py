"""How long the commands take from nothing: a fresh process each, medians, and whether torch was imported for it."""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from common import ROOT, median, solution, table

from autograder.grading.workers import choose_sandbox
from autograder.model import Check, Limits, Unit
from autograder.sandbox import bubblewrap, plain
from autograder.sandbox.process import Sandbox, Worker
from autograder.sandbox.student import SandboxedStudent

WRONG = ROOT / "tests" / "submissions" / "class" / "hana" / "convolution" / "conv2d.py"
AFTER = "\nimport sys; sys.stderr.write('torch' if 'torch' in sys.modules else 'no')"


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "autograder.cli", *words]


def run(words: Sequence[str]) -> tuple[float, float]:
    """Wall and processor seconds of one command, its workers included."""
    before, started = os.times(), time.perf_counter()
    done = subprocess.run(command(*words), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    wall, after = time.perf_counter() - started, os.times()
    if done.returncode not in (0, 1):
        sys.exit(done.stderr.decode())
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, cpu


def imports_torch(words: Sequence[str]) -> str:
    script = f"from autograder.cli import app\ntry:\n    app({list(words)!r})\nexcept SystemExit:\n    pass" + AFTER
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    return "yes" if done.stderr.endswith("torch") else "no"


def bare(code: str, runs: int) -> float:
    """Median seconds of an interpreter that only executes `code`."""

    def once() -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
        return time.perf_counter() - started

    return statistics.median(once() for _ in range(runs))


def worker(packages: tuple[str, ...]) -> float:
    """Seconds from starting a worker to a first answer of a submission in it; what it has to see is known by then."""
    name = choose_sandbox("auto", trusted=True)
    launch = (plain if name == "none" else bubblewrap).launch(packages, Limits())
    unit = Unit("start/up", "", (Check("", "", lambda student, case: None, ("f",)),), allowed_packages=packages)
    started = time.perf_counter()
    running = Worker(Sandbox(launch), own=True)
    try:
        SandboxedStudent(running, unit, "def f():\n    return 1\n").call("f")
        return time.perf_counter() - started
    finally:
        running.close()


def measure(words: Sequence[str], runs: int) -> tuple[float, float]:
    if runs > 1:
        run(words)  # once for the file cache
    walls, cpus = zip(*(run(words) for _ in range(runs)), strict=True)
    return statistics.median(walls), statistics.median(cpus)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="processes started for each line")
    parser.add_argument("--wrong", type=Path, default=WRONG, help="a file with a mistake in it")
    parser.add_argument("--only", nargs="*", default=[""], help="lines of the table, by how they begin; default: all")
    options = parser.parse_args()
    torch = bare("import torch, numpy", options.runs)
    print(f"Fresh processes, medians of {options.runs}; beside: a process that only imports torch and NumPy\n")
    rows: list[list[object]] = []
    only = tuple(options.only)
    for label, words, limit in (
        ("handgrad --help", ["--help"], 0.4),
        ("handgrad list", ["list"], 0.4),
        ("handgrad check, a right file", ["check", str(solution("convolution/conv2d"))], 2.5),
        ("handgrad check, a wrong file", ["check", str(options.wrong)], 2.5),
    ):
        if not label.startswith(only):
            continue
        wall, cpu = measure(words, options.runs)
        rows.append([label, f"{wall:.2f}", f"{cpu:.2f}", f"{limit}", f"{wall / torch:.2f}", imports_torch(words)])
    for packages in (("numpy",), ("numpy", "torch")):
        label = f"a worker with {' and '.join(packages)}, first answer"
        if not label.startswith(only):
            continue
        wall = median(lambda packages=packages: worker(packages), options.runs)
        rows.append([label, f"{wall:.2f}", "", "", f"{wall / torch:.2f}", "yes" if "torch" in packages else "no"])
    rows.append(["import torch, numpy", f"{torch:.2f}", "", "", "1.00", "yes"])
    table(("command", "wall, s", "CPU, s", "aim, s", "/ import torch", "torch imported"), rows)


if __name__ == "__main__":
    main()

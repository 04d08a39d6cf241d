"""Correct code must never fail: the whole judging layer on correct files, under many secrets and seeds.

Each round draws the cases anew for a secret and a seed of its own, and judges every check of the unit, hidden ones and
advice included, in this process. Files are the model answers, tests/submissions/styles/ and the sample class; those
that work in float32 may fail the checks that ask for float64 precision, and no others. Checks that train a network are
left out: their thresholds have margins of their own (docs/grading.md).
"""

import argparse
import hashlib
from pathlib import Path

from common import correct_files, load_unit, silence, table
from students import LocalStudent, functions_of, without_experiments

from autograder.course import COURSE, assignments, entries
from autograder.grading.grade import grade_unit
from autograder.grading.seeds import Seed
from autograder.judging import cases
from autograder.model import CheckResult, Reveal, Unit, Verdict

NO_BONUS = Verdict.MISSING  # a bonus left out is no failure


def forget_cases() -> None:
    """Cases are kept for as long as the process runs; here every run has its own."""
    for cached in (cases.draw, cases.drawn_values, cases.built):
        cached.cache_clear()


def alarms(unit: Unit, path: Path, seed: Seed) -> list[CheckResult]:
    with silence():
        student = LocalStudent(functions_of(path), unit)
        report = grade_unit(unit, student, submission=path.stem, seed=seed, sandbox="none", reveal=Reveal.ALL).report
    return [r for r in report.results if not r.advice and not fair(r, path.stem)]


def fair(result: CheckResult, style: str) -> bool:
    """Whether the verdict is what the file deserves."""
    if style.startswith("float32") and result.check.endswith(".precision"):
        return True
    return result.verdict is Verdict.PASSED or (result.bonus and result.verdict is NO_BONUS)


def seed_number(number: int) -> Seed:
    return Seed(number, hashlib.sha256(f"secret {number}".encode()).digest())


def measure(path: str, runs: int) -> tuple[list[list[object]], list[str]]:
    """A line for every file, and a sentence for every alarm. All files meet the same cases in one round."""
    unit, files = without_experiments(load_unit(path)), correct_files(path)
    counts = dict.fromkeys(files, 0)
    told = []
    rounds = -(-runs // len(files))
    for number in range(rounds):
        seed = seed_number(number)
        for style, file in files.items():
            for result in alarms(unit, file, seed):
                counts[style] += 1
                told.append(f"{path} {style}, secret and seed {number}: {result.check}: {result.message}")
        forget_cases()
    rows: list[list[object]] = [[path, style, rounds, counts[style]] for style in files]
    return rows, told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assignment", choices=assignments(), help="default: all of them")
    parser.add_argument("--unit", action="append", help="only this unit (may be repeated)")
    parser.add_argument("--runs", type=int, default=1000, help="seeded runs in all for each assignment")
    options = parser.parse_args()
    rows, told = [], []
    for entry in COURSE:
        if options.assignment not in (None, entry.assignment) or (options.unit and entry.path not in options.unit):
            continue
        units = len(options.unit or entries(entry.assignment))
        more, sentences = measure(entry.path, -(-options.runs // units))
        rows += more
        told += sentences
    table(("unit", "style", "runs", "false alarms"), rows)
    print(f"{sum(int(str(row[2])) for row in rows)} runs, {len(told)} false alarms")
    print(*told[:20], sep="\n")


if __name__ == "__main__":
    main()

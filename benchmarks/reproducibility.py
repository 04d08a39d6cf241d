"""The same seed gives the same cases and the same result files, byte for byte, in two processes; another gives others.

Each line of the table is one run in processes of its own: `handgrad grade` on the sample class, or part of it, and a
hash of every number in every case of every unit. The second run imports the units in another order and grades with
another number of processes, neither of which may make a difference. Times stand in files of their own.
"""

import argparse
import contextlib
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from common import ROOT, UNITS, load_unit, scratch, table

from autograder.grading.seeds import Seed
from autograder.judging.cases import draw
from autograder.judging.layer_case import LayerCase
from autograder.sandbox import protocol

CLASS = ROOT / "tests" / "submissions" / "class"
SECRET = b"a secret that is no secret, for benchmarks\n"


def cases_hash(number: int, units: Sequence[str]) -> str:
    """A hash of all sizes, options, arrays, answers and gradients that `number` gives, in the order of UNITS."""
    digests = {unit: _unit_hash(number, unit) for unit in units}
    return hashlib.sha256("".join(digests[unit] for unit in sorted(digests)).encode()).hexdigest()


def _unit_hash(number: int, path: str) -> str:
    digest = hashlib.sha256()
    for check in load_unit(path).checks:
        if check.given:
            for case in draw(check.given, Seed(number, SECRET.strip()).of(path, check.given.name)):
                if isinstance(case, LayerCase):
                    digest.update(_content(case))
    return digest.hexdigest()


def _content(case: LayerCase) -> bytes:
    groups = [dict(sorted(case.options.items())), case.arrays]
    with contextlib.suppress(NotImplementedError):  # a mask that is drawn has no one right answer
        groups += [case.expected, *((case.upstream, case.gradients) if case.layer.backward else ())]
    return b"\0".join(map(protocol.encode, groups))


def in_a_process(number: int, units: Sequence[str]) -> str:
    command = [sys.executable, __file__, "--print-cases", str(number), "--units", *units]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def graded(
    folder: Path, submissions: Path, units: Sequence[str], number: int, jobs: int, sandbox: str
) -> dict[str, str]:
    """A hash of each result file: JSON, HTML and grades.csv."""
    shutil.rmtree(folder, ignore_errors=True)
    secret = folder.with_suffix(".secret")
    secret.write_bytes(SECRET)
    command = [
        sys.executable, "-m", "autograder.cli", "grade", str(submissions), "--out", str(folder), "--seed", str(number),
        "--secret-file", str(secret), "--sandbox", sandbox, "--jobs", str(jobs), "--seconds", "2",
        *(word for unit in units for word in ("--unit", unit)),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith(".times.json")]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def copy_of(students: Sequence[str], folder: Path) -> Path:
    for student in students:
        shutil.copytree(CLASS / student, folder / student)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", nargs="*", help="of the sample class; default: all")
    parser.add_argument("--units", nargs="*", default=list(UNITS))
    parser.add_argument("--sandbox", default="auto")
    parser.add_argument("--print-cases", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.print_cases is not None:
        print(cases_hash(options.print_cases, options.units))
        return
    students = options.students or sorted(path.name for path in CLASS.iterdir() if path.is_dir())
    rows, found = [], []
    with scratch() as folder:
        submissions = copy_of(students, folder / "submitted")
        for label, number, units, jobs in (
            ("first", 0, options.units, 1), ("again", 0, options.units[::-1], 2), ("another seed", 1, options.units, 1),
        ):  # fmt: skip
            files = graded(folder / "results", submissions, sorted(units), number, jobs, options.sandbox)
            found.append((in_a_process(number, units), files))
            whole = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()
            rows.append([label, f"{number}", found[-1][0][:16], whole[:16], files["grades.csv"][:16], len(files)])
    table(("run", "seed", "cases", "result files", "grades.csv", "files"), rows)
    (cases, first), (_, second), (other_cases, third) = found
    differing = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    same = found[0] == found[1]
    other = cases != other_cases and first != third
    print(f"same seed, same bytes: {'yes' if same else 'NO'}; another seed, other cases: {'yes' if other else 'NO'}")
    print(*(f"differs: {name}" for name in differing), sep="\n")
    sys.exit(0 if same and other else 1)


if __name__ == "__main__":
    main()

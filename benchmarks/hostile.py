"""Do attacks hold nothing, harm nobody and leave nothing behind?

Every file of tests/submissions/hostile and hostile_torch goes through the real grader in bubblewrap, with honest
submissions before and after. A case held if its report is all that it requires: the verdict and no marks for what it
attacks, full marks for the rest, an honest message, a harmless page, and nothing told of what it should not have seen.
Cases are graded with short deadlines, so a machine that is very busy may time out where it should not.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from common import scratch, table
from hostile_batches import BATCHES, JOBS, Batch, write_class
from hostile_cases import CASES, TORCH_CASES, Case, faults, read_cases

from autograder.sandbox import bubblewrap

GOES_FOR = {
    "comparator": "passing off a wrong result: values, shapes, types that lie",
    "tensor": "the same with tensors",
    "protocol": "forging or breaking answers on the pipe",
    "oracle": "the answers, the machine's files and network, hidden cases",
    "driver": "the grader's own code beside it in the worker",
    "borrowing": "functions that the grader lends",
    "process": "escaping, surviving deadlines, killing, exits and signals",
    "resource": "memory, time, files, processes, output without end",
    "report": "terminals, pages and tables of those who read the report",
    "source": "intake: files that cannot be read, parsed or loaded",
    "state": "memory between calls and cases, a library changed for others",
    "control": "nothing: unusual but right code, which must pass",
}
MEBIBYTE = 1 << 20
SETS = {CASES: "conv2d", TORCH_CASES: "PyTorch and lending"}


@dataclass(frozen=True)
class Run:
    """A batch, how long it took, and what did not hold in it."""

    name: str
    cases: dict[str, Case]
    batch: Batch
    seconds: float

    @property
    def broken(self) -> dict[str, list[str]]:
        batch = self.batch
        found = {name: [*faults(case, batch.reports[name], batch.pages[name])] for name, case in self.cases.items()}
        return {name: problems for name, problems in found.items() if problems}

    @property
    def row(self) -> list[object]:
        traces, controls = self.batch.traces, self.batch.controls
        full = sum(report.score == report.possible for report in controls)
        growth = f"{max(traces.grown.values(), default=0) / MEBIBYTE:.1f}"
        beside = f"{full} of {len(controls)}"
        return [
            self.name,
            len(self.cases),
            f"{self.seconds:.0f}",
            beside,
            len(traces.changed),
            len(traces.left),
            growth,
        ]


HEADER = (
    "batch", "cases", "seconds", "honest ones beside with full marks", "files changed", "processes left",
    "the grader's growth, MiB",
)  # fmt: skip


def chosen(only: list[str]) -> dict[Path, dict[str, Case]]:
    """The cases by folder: all, or those that were named."""
    found = {folder: read_cases(folder) for folder in BATCHES}
    every = {name: case for cases in found.values() for name, case in cases.items()}
    unknown = {*only} - every.keys()
    if unknown:
        sys.exit(f"there is no case {', '.join(sorted(unknown))}")
    for case in every.values():
        assert case.fields["category"] in GOES_FOR, case.name
    return {
        folder: {name: case for name, case in cases.items() if not only or name in only}
        for folder, cases in found.items()
    }


def runs(found: dict[Path, dict[str, Case]], jobs: int) -> Iterator[Run]:
    for folder, cases in found.items():
        if cases:
            with scratch() as root:
                started = time.perf_counter()
                batch = BATCHES[folder](cases, root, jobs)
                yield Run(SETS[folder], cases, batch, time.perf_counter() - started)


def by_category(done: list[Run]) -> list[list[object]]:
    cases = Counter(case.fields["category"] for run in done for case in run.cases.values())
    broken = Counter(run.cases[name].fields["category"] for run in done for name in run.broken)
    rows: list[list[object]] = [
        [category, words, cases[category], cases[category] - broken[category]]
        for category, words in GOES_FOR.items()
        if cases[category]
    ]
    return [*rows, ["all", "", cases.total(), cases.total() - broken.total()]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", nargs="*", default=[], metavar="NAME", help="only these: sta_call_counter")
    parser.add_argument("--jobs", type=int, default=JOBS, help="processes of the grader")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="write the cases of conv2d as a class instead")
    options = parser.parse_args()
    if options.write:
        write_class(options.write, read_cases(CASES))
        return 0
    if bubblewrap.problem():
        sys.exit(bubblewrap.problem())
    done = list(runs(chosen(options.cases), options.jobs))
    table(("category", "goes for", "cases", "held"), by_category(done))
    table(HEADER, [run.row for run in done])
    for name, problems in (found for run in done for found in run.broken.items()):
        print(f"did not hold: {name}: {'; '.join(problems)[:300]}")
    for line in (line for run in done for line in (*run.batch.traces.changed, *run.batch.traces.left)):
        print(f"changed or left: {line}")
    return int(any(run.broken or run.batch.traces.changed or run.batch.traces.left for run in done))


if __name__ == "__main__":
    sys.exit(main())

"""Hostile submissions: what a file of them says of itself, and what a batch of them leaves behind on the machine."""

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.model import CheckResult, Report


@dataclass(frozen=True)
class Case:
    """One file: what it is, by its docstring."""

    name: str
    fields: dict[str, str]
    source: bytes

    @property
    def expected(self) -> set[str]:
        return set(self.fields["expect"].split("|"))


def read_case(path: Path) -> Case:
    source = path.read_bytes()
    text = source.decode("utf-8", "replace").replace("\\n", "\n").replace('\\"', '"')
    header = text.split('"""')[1]
    return Case(path.stem, dict(line.split(": ", 1) for line in header.strip().splitlines()), source)


def graded(report: Report) -> list[CheckResult]:
    return [result for result in report.results if not (result.advice or result.bonus)]


def function_of(result: CheckResult) -> str:
    return result.check.split(".")[0]


def footprints(*trees: Path, folders: Iterable[Path] = ()) -> set[str]:
    """Every file that a submission might have reached, in whole trees and in folders: name, size, time of change."""
    found = set()
    for folder in (*trees, *folders, Path("/"), Path("/dev/shm"), Path("/var/tmp")):
        for path in folder.rglob("*") if folder in trees else folder.iterdir():
            if path.is_file() and not path.is_symlink():
                found.add(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}")
    return found


def left_over(before: set[str]) -> set[str]:
    """Processes that were not there before, and do not go away within a second."""
    for _ in range(20):
        if not sandboxes() - before:
            break
        time.sleep(0.05)
    return sandboxes() - before


def sandboxes() -> set[str]:
    """Processes of sandboxes on this machine that descend from this process."""
    found = set()
    for pid in descendants(os.getpid()):
        command = read(f"/proc/{pid}/cmdline").replace("\0", " ")
        if "worker.py" in command or "bwrap" in command or ") Z " in read(f"/proc/{pid}/stat"):
            found.add(f"{pid} {command[:80]}")
    return found


def descendants(pid: int) -> Iterator[int]:
    for child in children(pid):
        yield child
        yield from descendants(child)


def children(pid: int | None = None) -> list[int]:
    pid = pid or os.getpid()
    tasks = Path(f"/proc/{pid}/task")
    try:
        return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]
    except OSError:
        return []


def resident(pid: int) -> int:
    """Resident memory in bytes."""
    return int(read(f"/proc/{pid}/statm").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def read(path: str) -> str:
    try:
        return Path(path).read_text("utf-8", "replace")
    except OSError:
        return ""

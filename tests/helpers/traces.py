"""What a batch of submissions leaves behind on the machine: files, processes, memory."""

import os
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path


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


def peak(pid: int) -> int:
    """The most memory that a process ever had, in bytes; 0 for one that has ended, as sandboxes do."""
    found = re.search(r"VmHWM:\s+(\d+)", read(f"/proc/{pid}/status"))
    return int(found[1]) << 10 if found else 0


def read(path: str) -> str:
    try:
        return Path(path).read_text("utf-8", "replace")
    except OSError:
        return ""

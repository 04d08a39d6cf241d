"""The grader as a process of its own: started, watched, killed; and who is left behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 120.0  # seconds; only a test that fails waits so long


def handgrad(*arguments: str | Path) -> list[str]:
    """The command line of `handgrad`, run by this interpreter."""
    return [sys.executable, "-m", "autograder.cli", *map(str, arguments)]


def run(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(handgrad(*arguments), capture_output=True, timeout=PATIENCE, **options)  # type: ignore[call-overload]
    return subprocess.CompletedProcess(
        done.args, done.returncode, *(text.decode() for text in (done.stdout, done.stderr))
    )


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """`handgrad` as the leader of a group of its own, as a shell starts it, with Ctrl-C not ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what is ignored here, a child would ignore too
    try:
        return subprocess.Popen(
            handgrad(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
    finally:
        signal.signal(signal.SIGINT, before)


def wait_for(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.005)


def children(parent: int) -> set[int]:
    """The processes whose parent is `parent`, zombies left out."""
    return {int(entry) for entry in os.listdir("/proc") if entry.isdigit() and _is_child(entry, parent)}


def _is_child(process: str, parent: int) -> bool:
    try:
        state, its_parent = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:  # it has ended
        return False
    return int(its_parent) == parent and state != "Z"


@contextmanager
def nobody_left_behind() -> Iterator[None]:
    """Orphans become children of this process; within a few seconds there must be none."""
    libc = ctypes.CDLL(None)
    before = children(os.getpid())
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
        wait_for(lambda: children(os.getpid()) <= before, "nobody is left behind")
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)

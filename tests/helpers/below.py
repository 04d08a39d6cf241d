"""Processes as /proc shows them: who is there, below whom, in what state."""

import os
from pathlib import Path


def status_of(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, value in (line.split(":", 1) for line in lines)}


def descendants(pid: int) -> list[int]:
    """The processes below `pid`, each after its parent."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [found for child in map(int, text.split()) for found in (child, *descendants(child))]


def gone(pid: int) -> bool:
    """Whether no process, not even a zombie, has this number."""
    return not os.path.exists(f"/proc/{pid}")


def ended(pid: int) -> bool:
    """Whether the process is gone, or waits to be."""
    try:
        return status_of(pid)["State"].startswith("Z")
    except OSError:
        return True

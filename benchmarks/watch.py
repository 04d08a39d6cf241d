"""How long after a save `handgrad check --watch` shows what came of it: a real process at a real terminal.

Each run saves a file that differs by a comment, and waits until the last line of the screen is there: the time holds
noticing the save, the check in its sandbox, the explanation, and drawing. "of it the check" is what the screen itself
says. "CPU of a save" is processor time, with the start of the worker for the next one: about what a save takes on a
machine that does nothing else. In bubblewrap some of it is not counted (what ends without us waiting for it).
"""

import argparse
import os
import pty
import re
import select
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from common import ROOT, UNITS, scratch, solution, table

END, CHECKED = b"q quit", re.compile(rb"check again \(([\d.]+) s\)")
STYLE = re.compile(rb"\x1b\[[\d;]*m")
FILES = ("right", "wrong", "stub")
WRONG = {
    "convolution/conv2d": "goran/convolution/conv2d.py",
    "convnets/pooling": "emil/convnets/pooling.py",
    "recurrence/rnn": "mateo/recurrence/rnn.py",
}


class Terminal:
    """A command at a terminal of its own."""

    def __init__(self, *words: str) -> None:
        self._master, slave = pty.openpty()
        environment = os.environ | {"TERM": "xterm", "COLUMNS": "100", "LINES": "40"}
        self.process = subprocess.Popen(
            words, cwd=ROOT, stdin=slave, stdout=slave, stderr=slave, env=environment, preexec_fn=self._own_session
        )
        os.close(slave)

    @staticmethod
    def _own_session() -> None:
        os.setsid()
        os.close(os.open(os.ttyname(0), os.O_RDWR))  # the terminal of the new session

    def until(self, words: bytes, seconds: float = 60) -> bytes:
        """What is shown until `words` are."""
        seen, deadline = b"", time.monotonic() + seconds
        while words not in seen:
            if not select.select([self._master], [], [], max(0, deadline - time.monotonic()))[0]:
                sys.exit(f"no {words!r} after {seconds} s: {seen[-2000:]!r}")
            seen = STYLE.sub(b"", seen + os.read(self._master, 1 << 16))
        return seen

    def cpu(self) -> float:
        """Processor seconds so far, of the process and of the workers that have ended."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    def press(self, key: bytes) -> None:
        os.write(self._master, key)

    def end(self) -> float:
        """Press q; the seconds until the process is gone."""
        started = time.perf_counter()
        self.press(b"q")
        self.process.wait(20)
        os.close(self._master)
        return time.perf_counter() - started


def measure(unit: str, source: Path, runs: int, sandbox: str) -> list[object]:
    with scratch() as folder:
        file = folder / f"{Path(unit).name}.py"
        shutil.copy(source, file)
        text = source.read_text(encoding="utf-8")
        started = time.perf_counter()
        words = ("check", "--watch", "--sandbox", sandbox, str(file))
        terminal = Terminal(sys.executable, "-m", "autograder.cli", *words)
        terminal.until(END)
        first = time.perf_counter() - started
        before = terminal.cpu()
        waits, checks = zip(*(saved(terminal, file, f"{text}\n# {run}\n") for run in range(runs)), strict=True)
        cpu = (terminal.cpu() - before) / runs
        ended = terminal.end()
    if terminal.process.returncode != 0:
        sys.exit(f"it ended with {terminal.process.returncode}")
    noticed = [wait - check for wait, check in zip(waits, checks, strict=True)]
    middle = statistics.median
    figures = (first, middle(waits), max(waits), middle(checks), middle(noticed), cpu, ended)
    return [f"{seconds:.2f}" for seconds in figures]


def saved(terminal: Terminal, file: Path, text: str) -> tuple[float, float]:
    """Save a file: seconds until all is shown, and of these the check's."""
    time.sleep(0.3)  # the worker for the next check is being started meanwhile, as between two saves of a person
    file.write_text(text, encoding="utf-8")
    started = time.perf_counter()
    seen = terminal.until(END)
    found = CHECKED.search(seen)
    assert found is not None
    return time.perf_counter() - started, float(found[1])


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", nargs="+", default=UNITS, choices=UNITS, help="units to watch")
    parser.add_argument("--files", nargs="+", default=FILES, choices=FILES, help="which files to save")
    parser.add_argument("--runs", type=int, default=11, help="saves of each file")
    parser.add_argument("--sandbox", default="auto", help="as for check; none counts all processor time")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    rows: list[list[object]] = []
    for unit in options.units:
        wrong = ROOT / "tests" / "submissions" / "class" / WRONG[unit]
        stub = ROOT / "assignments" / f"{unit}.py"
        for label, source in zip(FILES, (solution(unit), wrong, stub), strict=True):
            if label in options.files:
                rows.append([unit, label, *measure(unit, source, options.runs, options.sandbox)])
    print(f"Seconds from a save to the whole screen, medians of {options.runs} saves; the aim is 0.4\n")
    times = (
        "first screen",
        "save to screen",
        "longest",
        "of it the check",
        "the rest",
        "CPU of a save",
        "q to the end",
    )
    header = ("unit", "file", *times)
    table(header, rows)


if __name__ == "__main__":
    main()

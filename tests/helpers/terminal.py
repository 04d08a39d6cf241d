"""A command at a terminal of its own: keys go in, what is shown comes out."""

import os
import pty
import re
import select
import signal
import subprocess
import termios
import time
from pathlib import Path
from typing import Any

STYLE = re.compile(rb"\x1b\[[\d;]*[a-zA-Z]")


class Terminal:
    """Start it, wait for words, press keys, and see how the terminal is left."""

    def __init__(self, *words: str, cwd: Path) -> None:
        self._master, self._slave = pty.openpty()
        self.before = self.mode()
        environment = os.environ | {"TERM": "xterm", "COLUMNS": "100", "LINES": "60"}
        self.process = subprocess.Popen(
            words, cwd=cwd, stdin=self._slave, stdout=self._slave, stderr=self._slave, env=environment,
            preexec_fn=_own_session,
        )  # fmt: skip

    def mode(self) -> list[Any]:
        return termios.tcgetattr(self._slave)

    def until(self, words: str, seconds: float = 90) -> str:
        """What is shown until `words` are."""
        seen, deadline = b"", time.monotonic() + seconds
        while words.encode() not in seen:
            ready, _, _ = select.select([self._master], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"no {words!r} after {seconds} s in {seen.decode()!r}"
            seen = STYLE.sub(b"", seen + os.read(self._master, 1 << 16))
        return seen.decode()

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)
        os.close(self._slave)


def _own_session() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what is ignored here, a child would ignore too
    os.setsid()
    os.close(os.open(os.ttyname(0), os.O_RDWR))  # becomes the terminal of the new session, so that Ctrl-C arrives

"""Keys of a terminal, one at a time, without Enter; and the terminal as it was when that ends."""

import contextlib
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

TERMINATED = 143
END = b"\x04"  # Ctrl-D
ESCAPED = re.compile(rb"\x1b(\[[\d;]*[@-~]|O.)?")  # arrows, function keys


@contextmanager
def keyboard() -> Iterator[int | None]:
    """The file descriptor that keys arrive at; None where nobody can press any."""
    if not (sys.stdin.isatty() and sys.stdout.isatty() and _in_foreground()):
        yield None
        return
    import termios
    import tty

    keys = sys.stdin.fileno()
    before = termios.tcgetattr(keys)

    def again(number: int, frame: FrameType | None) -> None:
        """After Ctrl-Z and `fg`, the shell has set the terminal to its own liking."""
        if _in_foreground():
            tty.setcbreak(keys)

    handlers = {signal.SIGCONT: again, signal.SIGTERM: _end}
    former = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        tty.setcbreak(keys)
        yield keys
    finally:
        termios.tcsetattr(keys, termios.TCSADRAIN, before)
        for number, handler in former.items():
            signal.signal(number, handler)


def pressed(keys: int) -> str:
    """The keys that have arrived, as small letters; Ctrl-D counts as q, arrows and the like as nothing."""
    data = os.read(keys, 64)
    if not data or END in data:
        return "q"
    return ESCAPED.sub(b"", data).decode("ascii", "ignore").lower()


def _in_foreground() -> bool:
    with contextlib.suppress(OSError):
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    return False


def _end(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(TERMINATED)

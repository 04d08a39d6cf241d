"""What the grader's own process does about itself while it grades in a sandbox.

It is not dumpable: no other process of the same user may trace it or read its memory, in which the hidden cases are.
And it is a child subreaper: where bubblewrap's outer process dies first, the inner one becomes our child, so that we
can wait for it and no zombie stays behind.
"""

import contextlib
import ctypes
import functools
import os
import signal
import sys
from typing import Any

PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 4, 36


def protect_grader() -> None:
    """Make this process a subreaper that nobody may look into. A forked process has to ask for itself."""
    if sys.platform == "linux":
        _libc().prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
        _libc().prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def kill(process: int) -> None:
    """Kill the process behind a pidfd, if it still runs."""
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(process, signal.SIGKILL)


def reap_orphan(process: int) -> None:
    """Wait for the killed process behind a pidfd, if it has become our child."""
    with contextlib.suppress(ChildProcessError):
        os.waitid(os.P_PIDFD, process, os.WEXITED)


@functools.cache
def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)

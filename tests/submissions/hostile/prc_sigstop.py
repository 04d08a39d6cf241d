"""category: process
mechanism: SIGSTOP to itself and to its parent
required: 0, timed out
hits: conv2d_forward
expect: timed out
fuse: what the sandbox holds
"""

import os
import sys

if not sys.platform.startswith("linux") or any(os.path.lexists(p) for p in ("/etc/shadow", "/etc/passwd", "/home")):
    raise ImportError("hostile test case: armed only inside the grading sandbox")

import signal


def conv2d_forward(x, w, b, stride=1, padding=0):
    for process in (os.getppid(), os.getpid()):
        try:
            os.kill(process, signal.SIGSTOP)
        except OSError:
            pass
    return _zeros(x, w, stride, padding)

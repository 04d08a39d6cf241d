"""category: process
mechanism: a fork bomb
required: 0, Operation not permitted
hits: conv2d_forward
expect: crashed
says: Operation not permitted
fuse: 400 forks, each child lives 5 s
"""

import os
import sys

if not sys.platform.startswith("linux") or any(os.path.lexists(p) for p in ("/etc/shadow", "/etc/passwd", "/home")):
    raise ImportError("hostile test case: armed only inside the grading sandbox")

import time


def conv2d_forward(x, w, b, stride=1, padding=0):
    for _ in range(400):
        if os.fork() == 0:
            time.sleep(5)
            os._exit(0)
    return _zeros(x, w, stride, padding)

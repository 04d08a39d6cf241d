"""category: process
mechanism: starts threads until refused
required: 0, a limit is named
hits: conv2d_forward
expect: crashed|timed out
fuse: 3000 threads
"""

import os
import sys

if not sys.platform.startswith("linux") or any(os.path.lexists(p) for p in ("/etc/shadow", "/etc/passwd", "/home")):
    raise ImportError("hostile test case: armed only inside the grading sandbox")

import threading
import time


def conv2d_forward(x, w, b, stride=1, padding=0):
    for _ in range(3000):
        threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
    raise RuntimeError("LOOT started 3000 threads")

"""category: resource
mechanism: grows by small pieces and goes on after MemoryError
required: 0, a limit or timed out
hits: conv2d_forward
expect: timed out|crashed
fuse: 6 GiB
"""

import os
import sys

if not sys.platform.startswith("linux") or any(os.path.lexists(p) for p in ("/etc/shadow", "/etc/passwd", "/home")):
    raise ImportError("hostile test case: armed only inside the grading sandbox")

import time


def conv2d_forward(x, w, b, stride=1, padding=0):
    kept = []
    while len(kept) < 6000:
        try:
            kept.append(bytearray(1 << 20))
        except MemoryError:
            time.sleep(0.01)
    print("LOOT held 6 GiB")
    return _zeros(x, w, stride, padding)

"""category: resource
mechanism: memory that RLIMIT_AS does not count: memfd, System V, kernel pipes
required: 0; the calls are refused
hits: conv2d_forward
expect: failed
fuse: 960 MiB
"""

import os
import sys

if not sys.platform.startswith("linux") or any(os.path.lexists(p) for p in ("/etc/shadow", "/etc/passwd", "/home")):
    raise ImportError("hostile test case: armed only inside the grading sandbox")

import ctypes
import fcntl


def conv2d_forward(x, w, b, stride=1, padding=0):
    held = 0
    try:
        for number in range(60):
            descriptor = os.memfd_create(f"m{number}")
            held += os.write(descriptor, b"x" * (1 << 24))
    except OSError:
        pass
    if ctypes.CDLL(None).shmget(0, 1 << 20, 0o1600) >= 0:
        held += 1
    try:
        held += fcntl.fcntl(os.pipe()[1], 1031, 1 << 20)
    except OSError:
        pass
    if held:
        print("LOOT bytes outside the limit:", held)
    return _zeros(x, w, stride, padding)

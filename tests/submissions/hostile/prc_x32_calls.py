"""category: process
mechanism: system calls by x32 numbers, negative numbers and numbers that do not exist
required: 0; each is refused
hits: conv2d_forward
expect: failed
fuse: two processes that end at once
"""

import os
import sys

if not sys.platform.startswith("linux") or any(os.path.lexists(p) for p in ("/etc/shadow", "/etc/passwd", "/home")):
    raise ImportError("hostile test case: armed only inside the grading sandbox")

import ctypes


def conv2d_forward(x, w, b, stride=1, padding=0):
    libc = ctypes.CDLL(None, use_errno=True)
    for number in (0x40000000 | 57, 0x40000000 | 58, 0x40000000 | 41, -1, 0x7FFFFFFF, 0x3FFFFFFF, 1000):
        result = libc.syscall(number, 2, 1, 0)
        if result == 0:
            os._exit(0)
        if result > 0:
            print("LOOT", hex(number))
    return _zeros(x, w, stride, padding)

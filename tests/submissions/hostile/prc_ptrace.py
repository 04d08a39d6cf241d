"""category: process
mechanism: traces its parent, reads its memory, and lets itself be traced
required: 0; each is refused
hits: conv2d_forward
expect: failed
fuse: none, it only looks
"""

import os
import sys

if not sys.platform.startswith("linux") or any(os.path.lexists(p) for p in ("/etc/shadow", "/etc/passwd", "/home")):
    raise ImportError("hostile test case: armed only inside the grading sandbox")

import ctypes
import platform


def conv2d_forward(x, w, b, stride=1, padding=0):
    libc = ctypes.CDLL(None, use_errno=True)
    x86 = platform.machine() == "x86_64"
    for request, process in ((0, 0), (16, os.getppid()), (16, 1), (0x4206, os.getppid())):
        if libc.syscall(101 if x86 else 117, request, process, 0, 0) >= 0:
            print("LOOT ptrace", request, process)
    buffer = ctypes.create_string_buffer(64)
    for number in (310, 311) if x86 else (270, 271):
        if libc.syscall(number, os.getppid(), buffer, 1, buffer, 1, 0) >= 0:
            print("LOOT process_vm", number)
    return _zeros(x, w, stride, padding)

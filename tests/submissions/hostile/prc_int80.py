"""category: process
mechanism: machine code that makes a 32-bit system call (fork)
required: 0, killed by SIGSYS
hits: conv2d_forward
expect: crashed|failed
fuse: one process that ends at once
"""

import os
import sys

if not sys.platform.startswith("linux") or any(os.path.lexists(p) for p in ("/etc/shadow", "/etc/passwd", "/home")):
    raise ImportError("hostile test case: armed only inside the grading sandbox")

import ctypes
import mmap
import platform


def conv2d_forward(x, w, b, stride=1, padding=0):
    if platform.machine() == "x86_64":
        code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        code.write(b"\xb8\x02\x00\x00\x00\xcd\x80\xc3")  # mov eax, 2; int 0x80; ret
        result = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
        if result == 0:
            os._exit(0)
        if result > 0:
            print("LOOT forked by int 0x80")
    return _zeros(x, w, stride, padding)

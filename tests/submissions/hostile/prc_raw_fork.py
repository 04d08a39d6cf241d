"""category: process
mechanism: fork, vfork, clone, clone3 and exec as raw system calls
required: 0; each is refused
hits: conv2d_forward
expect: failed
fuse: four processes that end at once
"""

import os
import sys

if not sys.platform.startswith("linux") or any(os.path.lexists(p) for p in ("/etc/shadow", "/etc/passwd", "/home")):
    raise ImportError("hostile test case: armed only inside the grading sandbox")

import ctypes
import platform

_X86 = platform.machine() == "x86_64"


def conv2d_forward(x, w, b, stride=1, padding=0):
    libc = ctypes.CDLL(None, use_errno=True)
    arguments = ctypes.create_string_buffer(88)
    arguments[32] = 17  # exit signal
    for call in ((57,), (58,), (56, 17, 0, 0, 0, 0)) if _X86 else ((220, 17, 0, 0, 0, 0),):
        pid = libc.syscall(*call)
        if pid == 0:
            os._exit(0)
        if pid > 0:
            print("LOOT forked by", call)
    pid = libc.syscall(435, arguments, 88)
    if pid == 0:
        os._exit(0)
    if pid > 0:
        print("LOOT forked by clone3")
    try:
        os.execv(sys.executable or "/python/bin/python3", ["python3", "-c", "print('LOOT executed')"])
    except OSError:
        pass
    return _zeros(x, w, stride, padding)

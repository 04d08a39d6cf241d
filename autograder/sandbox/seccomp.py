"""The system calls that a student's process may make, as a filter that the kernel holds it to.

An allow-list: enough for Python, NumPy and threads. No new processes, no programs, no sockets, no shared memory, no
tracing, no signals to anyone else, no limits of anyone else; what is not listed fails with EPERM. Runs in the worker:
standard library only.
"""

import ctypes
import functools
import os
import struct

ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}  # AUDIT_ARCH_*, column of CALLS

CALLS: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66), "pread64": (17, 67),
    "lseek": (8, 62), "close": (3, 57), "close_range": (436, 436), "fstat": (5, 80), "stat": (4, None),
    "lstat": (6, None), "newfstatat": (262, 79), "statx": (332, 291), "open": (2, None), "openat": (257, 56),
    "getdents64": (217, 61), "access": (21, None), "faccessat": (269, 48), "faccessat2": (439, 439),
    "readlink": (89, None), "readlinkat": (267, 78), "getcwd": (79, 17), "dup": (32, 23), "dup2": (33, None),
    "dup3": (292, 24), "pipe2": (293, 59),
    "mmap": (9, 222), "munmap": (11, 215), "mprotect": (10, 226), "mremap": (25, 216), "madvise": (28, 233),
    "brk": (12, 214), "membarrier": (324, 283), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139), "sigaltstack": (131, 132), "restart_syscall": (219, 128),
    "getpid": (39, 172), "gettid": (186, 178), "getppid": (110, 173), "getuid": (102, 174), "geteuid": (107, 175),
    "getgid": (104, 176), "getegid": (108, 177), "uname": (63, 160), "sysinfo": (99, 179), "getrandom": (318, 278),
    "futex": (202, 98), "set_robust_list": (273, 99), "rseq": (334, 293), "set_tid_address": (218, 96),
    "sched_yield": (24, 124), "sched_getaffinity": (204, 123), "clock_gettime": (228, 113),
    "clock_getres": (229, 114), "clock_nanosleep": (230, 115), "nanosleep": (35, 101), "gettimeofday": (96, 169),
    "time": (201, None), "times": (100, 153), "getrusage": (98, 165), "getrlimit": (97, 163),
    "poll": (7, None), "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72),
    "exit": (60, 93), "exit_group": (231, 94),
}  # fmt: skip
CLONE = (56, 220)
CLONE3 = (435, 435)
SIGNALS = {"kill": (62, 129), "tgkill": (234, 131)}
PRLIMIT = (302, 261)
FCNTL, IOCTL = (72, 25), (16, 29)
THREAD_FLAGS = 0x00010900  # CLONE_THREAD | CLONE_SIGHAND | CLONE_VM
FCNTL_COMMANDS = (0, 1, 2, 3, 4, 1030)  # F_DUPFD, flags of it and of the file; not F_SETOWN, which sends signals
IOCTL_COMMANDS = (0x5401, 0x5421, 0x5450, 0x5451)  # TCGETS, FIONBIO, FIONCLEX, FIOCLEX

LOAD, AND, JUMP_EQUAL, JUMP_GREATER, RETURN = 0x20, 0x54, 0x15, 0x25, 0x06
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
EPERM, ENOSYS = ERRNO | 1, ERRNO | 38
NUMBER, ARCH, ARGUMENT0, ARGUMENT1 = 0, 4, 16, 24  # offsets in struct seccomp_data
LIBC = ctypes.CDLL(None, use_errno=True)
X32_BIT = 0x40000000
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2


def prepare() -> None:
    """Make what is the same for every process, before there are any."""
    if os.uname().machine in ARCHITECTURES:
        _always(os.uname().machine)


def program(machine: str, pid: int) -> bytes:
    """The filter as BPF instructions, for a process `pid` on `machine` ("x86_64" or "aarch64")."""
    column = ARCHITECTURES[machine][1]
    lines = []
    for pair in SIGNALS.values():
        lines += _if_call(pair[column], ARGUMENT0, (pid,))
    lines += _if_call(PRLIMIT[column], ARGUMENT0, (0, pid))
    return _always(machine) + _packed([*lines, (RETURN, 0, 0, EPERM)])


@functools.cache
def _always(machine: str) -> bytes:
    """The part of the filter that knows no process."""
    audit, column = ARCHITECTURES[machine]
    lines = [(LOAD, 0, 0, ARCH), (JUMP_EQUAL, 1, 0, audit), (RETURN, 0, 0, KILL), (LOAD, 0, 0, NUMBER)]
    lines += [(JUMP_GREATER, 0, 1, X32_BIT - 1), (RETURN, 0, 0, EPERM)]
    for numbers in CALLS.values():
        if numbers[column] is not None:
            lines += [(JUMP_EQUAL, 0, 1, numbers[column] or 0), (RETURN, 0, 0, ALLOW)]
    lines += [(JUMP_EQUAL, 0, 1, CLONE3[column]), (RETURN, 0, 0, ENOSYS)]  # then the C library falls back to clone
    lines += _if_call(CLONE[column], ARGUMENT0, (THREAD_FLAGS,), mask=THREAD_FLAGS)
    lines += _if_call(FCNTL[column], ARGUMENT1, FCNTL_COMMANDS)
    lines += _if_call(IOCTL[column], ARGUMENT1, IOCTL_COMMANDS)
    return _packed(lines)


def _packed(lines: list[tuple[int, int, int, int]]) -> bytes:
    return b"".join(struct.pack("<HBBI", *line) for line in lines)


def _if_call(
    number: int, argument: int, values: tuple[int, ...], *, mask: int = 0xFFFFFFFF
) -> list[tuple[int, int, int, int]]:
    """Allow call `number` if one of its arguments, as far as `mask` goes, is among `values`."""
    inside = [(LOAD, 0, 0, argument), (AND, 0, 0, mask)]
    for value in values:
        inside += [(JUMP_EQUAL, 0, 1, value), (RETURN, 0, 0, ALLOW)]
    inside.append((RETURN, 0, 0, EPERM))
    return [(JUMP_EQUAL, 0, len(inside), number), *inside]


def install() -> bool:
    """Hold this process, and every thread it starts, to the filter. False where the machine has none to offer."""
    machine = os.uname().machine
    if machine not in ARCHITECTURES:
        return False
    code = program(machine, os.getpid())
    buffer = ctypes.create_string_buffer(code, len(code))
    # struct sock_fprog: the number of instructions, then (aligned) a pointer to them
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer)))
    if LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return bool(LIBC.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, header, 0, 0) == 0)

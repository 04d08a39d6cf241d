"""The program that is started inside the sandbox, and the processes it makes: parent, workers, children.

The parent imports the packages that a unit allows and nothing else, ever: no submission, not a byte of one. For each
submission it forks a worker, in namespaces of its own, which is told by its control socket when to fork a child. A
child locks itself in, and only then executes the submission (server.py); it has three pipes: requests, replies, log.

Where namespaces cannot be had, the parent becomes the worker of the first submission, and there is no second.

Standard library and NumPy only; this file runs where handgrad is not installed.
"""

import _socket
import contextlib
import ctypes
import gc
import importlib
import mmap
import os
import resource
import signal
import struct
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from autograder.sandbox import seccomp, server, tensors
else:
    import seccomp
    import server
    import tensors

MANY, ONE = b"M", b"1"  # how many submissions this sandbox may serve: the parent's first word
SPAWN, SPAWNED = struct.Struct("<I"), b"S"  # a worker's number, with its control socket; the answer
FORK, REAP = b"F", b"K"
STATUS = struct.Struct("<i")
NAMESPACES = 0x20000000 | 0x40000000 | 0x08000000 | 0x04000000 | 0x02000000  # CLONE_NEW: PID, NET, IPC, UTS, CGROUP
PR_SET_PDEATHSIG = 1
OWN = 384 << 20  # bytes that a submission needs at least, beside what torch maps: 0.6 GB, or 3 GB if built for CUDA
LIBC = ctypes.CDLL(None, use_errno=True)


class Limits:
    """What a child may use: bytes of address space, seconds of processor time."""

    def __init__(self, memory: str, cpu_seconds: str) -> None:
        self.memory, self.cpu_seconds = int(memory), int(cpu_seconds)


def main(limits: Limits, first_uid: int, separate: bool, packages: list[str]) -> None:
    """Import `packages`, then make a worker whenever the grader asks for one."""
    sys.path[:] = [entry for entry in sys.path if entry != os.path.dirname(os.path.abspath(__file__))]
    for name in packages:
        importlib.import_module(name)
    if "torch" in packages:
        tensors.prepare_torch()
        limits.memory = max(limits.memory, mapped() + OWN)
    control = _socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    seccomp.prepare()
    gc.collect()
    gc.freeze()  # children share these pages for longer
    separate = separate and fork_and_wait(leave_namespaces)
    control.send(MANY if separate else ONE)
    serve(control, limits, first_uid, separate)


def serve(control: _socket.socket, limits: Limits, first_uid: int, separate: bool) -> NoReturn:
    """In the parent: make the workers that are asked for, until the socket closes."""
    while True:
        message, ancillary, _, _ = control.recvmsg(SPAWN.size, _socket.CMSG_LEN(4))
        if not message:
            os._exit(0)
        theirs = _socket.socket(fileno=struct.unpack("i", ancillary[0][2])[0])
        uid = first_uid and first_uid + SPAWN.unpack(message)[0]
        if not separate:
            control.send(SPAWNED)
            control.close()
            work(theirs, limits, uid)
        if fork_and_wait(lambda: spawn(control, theirs, limits, uid)):  # noqa: B023 (it is called right here)
            control.send(SPAWNED)
        else:
            os._exit(1)
        theirs.close()


def fork_and_wait(act) -> bool:  # type: ignore[no-untyped-def]
    """Whether a forked process can do `act`."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    try:
        act()
        os._exit(0)
    finally:
        os._exit(1)


def leave_namespaces() -> None:
    """Let the next process that is forked here be the first one in namespaces of its own."""
    if LIBC.unshare(NAMESPACES):
        raise OSError(ctypes.get_errno(), "unshare")


def spawn(control: _socket.socket, theirs: _socket.socket, limits: Limits, uid: int) -> None:
    """Between parent and worker: a process that leaves the namespaces, so that the parent need not."""
    leave_namespaces()
    if os.fork() == 0:
        control.close()
        work(theirs, limits, uid)


def work(control: _socket.socket, limits: Limits, uid: int) -> NoReturn:
    """In the worker: become user `uid` (unless 0), then FORK (with three file descriptors), or REAP, as told."""
    try:
        become(uid)
        sys.stdout = open(1, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115 (the children's)
        sys.stderr = sys.stdout
        child = 0
        while True:
            message, ancillary, _, _ = control.recvmsg(1, _socket.CMSG_LEN(12))
            if message == FORK:
                child = fork(control, struct.unpack("iii", ancillary[0][2]), limits)
            elif message == REAP:
                control.send(STATUS.pack(reap(child)))
                child = 0
            else:
                os._exit(0)
    finally:
        os._exit(1)


def become(uid: int) -> None:
    """Give up what may be left of root's rights: the user, and capabilities."""
    if uid:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    if sys.platform == "linux":
        version_3, none = struct.pack("Ii", 0x20080522, 0), bytes(24)
        if LIBC.capset(version_3, none):
            raise OSError(ctypes.get_errno(), "capset")


def fork(control: _socket.socket, fds: tuple[int, ...], limits: Limits) -> int:
    own = os.getpid()
    child = os.fork()
    if child == 0:
        control.close()
        die_with(own)
        lock_in(fds, limits)
    for fd in fds:
        os.close(fd)
    return child


def reap(child: int) -> int:
    if not child:
        return 0
    done, status = os.waitpid(child, os.WNOHANG)
    if not done:
        os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
    return status


def die_with(parent: int) -> None:
    """In the child: end when the worker does, whatever runs here by then."""
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(70)


def lock_in(fds: tuple[int, ...], limits: Limits) -> NoReturn:
    """In the child: keep three pipes, give up everything else, and serve calls."""
    requests, replies, log = fds
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDONLY)  # of its own: flags of an open file are seen by all who share it
        os.dup2(null, 0)
        os.close(null)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.close(log)
        limit(resource.RLIMIT_AS, limits.memory)
        limit(resource.RLIMIT_CPU, limits.cpu_seconds)
        limit(resource.RLIMIT_NPROC, 64)
        limit(resource.RLIMIT_FSIZE, 0)
        limit(resource.RLIMIT_NOFILE, 64)
        limit(resource.RLIMIT_CORE, 0)
        if sys.platform == "linux":
            seccomp.install()
        server.Server(requests, replies).serve()
    finally:
        os._exit(70)


def mapped() -> int:
    """Bytes of address space in use, to a MiB: no /proc to ask, but the kernel refuses what is over a limit."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    low, high = 0, 1 << 46
    while sys.platform == "linux" and high - low > 1 << 20:
        middle = (low + high) // 2
        resource.setrlimit(resource.RLIMIT_AS, (middle, before[1]))
        try:
            mmap.mmap(-1, mmap.PAGESIZE).close()
            high = middle
        except OSError:
            low = middle
    resource.setrlimit(resource.RLIMIT_AS, before)
    return high if sys.platform == "linux" else 0


def limit(which: int, value: int) -> None:
    """Lower a resource limit as far as `value`, where the system has it."""
    hard = resource.getrlimit(which)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS refuses some
        resource.setrlimit(which, (value, value))


if __name__ == "__main__":
    main(Limits(*sys.argv[1:3]), int(sys.argv[3]), sys.argv[4] == "separate", sys.argv[5:])

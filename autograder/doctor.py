"""What this machine can do, and what to install for the rest."""

import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.errors import GraderError, StudentError
from autograder.model import Check, Limits, Unit
from autograder.sandbox import bubblewrap, plain, seccomp
from autograder.sandbox.process import Sandbox, Worker
from autograder.sandbox.student import SandboxedStudent

CANARY = """
import os, resource, socket

def read(paths):
    return [path for path in paths if os.access(path, os.R_OK)]

def write(paths):
    return [path for path in paths if os.access(path, os.W_OK)]

def connect():
    socket.create_connection(("127.0.0.1", 9), 1)

def fork():
    os._exit(0) if os.fork() == 0 else None

def user():
    return os.getuid()

def processes():
    return os.path.isdir("/proc/self")

def memory():
    os.close(os.memfd_create("canary"))

def limits():
    return [resource.getrlimit(which)[1] for which in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE)]

def descriptors():
    return sum(map(is_open, range(64)))

def is_open(descriptor):
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True
"""
PRIVATE = ("/etc/passwd", "/etc/shadow", "/home", "/root/.ssh", "/proc/self/environ", "/var")
PIPES = 5  # standard input, output, error; requests, replies
ESSENTIAL = {"worker", *(f"canary: {name}" for name in ("reading", "writing", "network", "user"))}
WRITABLE = ("/", "/tmp", "/dev", "/dev/shm", "/var/tmp", "/handgrad", "/site")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is as it should be, and what to do if not."""

    name: str
    good: bool
    text: str


def examine() -> Iterator[Finding]:
    """Look at everything that grading relies on."""
    yield Finding("python", sys.version_info >= (3, 11), f"{platform.python_version()} on {platform.machine()}")
    yield _packages()
    yield _gpu()
    problem = bubblewrap.problem()
    yield Finding("bubblewrap", not problem, problem or "works: submissions run in a sandbox")
    yield Finding(
        "system calls", platform.machine() in seccomp.ARCHITECTURES and sys.platform == "linux",
        f"the allow-list knows Linux on {' and '.join(seccomp.ARCHITECTURES)}; this is {platform.machine()}",
    )  # fmt: skip
    sandbox = "none" if problem else "bubblewrap"
    yield from canary(sandbox)
    yield _with_torch(sandbox)


def _packages() -> Finding:
    try:
        import numpy
        import torch
    except ImportError as error:
        return Finding("packages", False, f"{error.name} is missing: pip install handgrad")
    return Finding("packages", True, f"numpy {numpy.__version__}, torch {torch.__version__}")


def _gpu() -> Finding:
    try:
        import torch

        name = torch.cuda.get_device_name(0) if torch.cuda.is_available() else "none; the CPU serves"
    except (ImportError, RuntimeError) as error:
        name = f"none ({error})"
    return Finding("GPU", True, name)


def _with_torch(sandbox: str) -> Finding:
    """The same for units in PyTorch, whose worker needs more of this machine, in one line."""
    bad = [finding.text for finding in canary(sandbox, ("numpy", "torch")) if not finding.good]
    text = "works, and is as tight" if sandbox == "bubblewrap" else "works"
    return Finding("worker with torch", not bad or sandbox == "none", ("; ".join(bad) if bad else text)[:300])


def canary(sandbox: str, packages: tuple[str, ...] = ("numpy",)) -> Iterator[Finding]:
    """Send in a submission that tries what none should be able to do."""
    functions = ("read", "write", "connect", "fork", "user", "processes", "memory", "limits", "descriptors")
    check = Check("canary", "", lambda student, case: None, functions)
    unit = Unit("doctor/canary", "", (check,), allowed_packages=packages, limits=Limits(call_seconds=5))
    module = bubblewrap if sandbox == "bubblewrap" else plain
    try:
        worker = Worker(Sandbox(module.launch(unit.allowed_packages, unit.limits)), own=True)
        student = SandboxedStudent(worker, unit, CANARY)
        yield from _temptations(student, sandbox)
        student.begin()
        apart = "gets namespaces" if worker.sandbox.lasts else "starts a process (0.1 s, with torch 1.5 s)"
        yield Finding("canary: others", True, f"each submission {apart} of its own")
        worker.close()
    except GraderError as error:
        yield Finding("worker", False, str(error))


def self_test(sandbox: str) -> list[str]:
    """The layers that the sandbox lacks, asked before any student's file runs; `GraderError` if it is not tight."""
    missing = [] if sandbox == "none" else [finding for finding in canary(sandbox) if not finding.good]
    for finding in missing:
        if finding.name in ESSENTIAL:
            raise GraderError(f"the sandbox is not tight: {finding.text}; `handgrad doctor` says more")
    return [finding.text for finding in missing]


def _temptations(student: SandboxedStudent, sandbox: str) -> Iterator[Finding]:
    seen = student.call("read", list(PRIVATE))
    yield _tempted("reading", not seen, f"can read {', '.join(seen)}", "sees none of this machine's files")
    made = student.call("write", list(WRITABLE))
    yield _tempted("writing", not made, f"can write in {', '.join(made)}", "can write nowhere")
    yield _tempted("network", _refused(student, "connect"), "can open connections", "reaches no network")
    yield _tempted("processes", _refused(student, "fork"), "can start processes", "can start no process")
    yield _tempted("/proc", not student.call("processes"), "sees /proc", "sees no other process")
    uid = student.call("user")
    yield _tempted("user", uid != 0, "runs as root", f"runs as user {uid}, not root")
    yield _tempted(
        "calls", _refused(student, "memory"),
        "can make any system call", "can make the system calls of the allow-list only",
    )  # fmt: skip
    bounded = [value for value in student.call("limits") if 0 <= value <= Limits().memory_bytes]
    yield _tempted("limits", len(bounded) == 2, "has no limits", "is held to its limits")
    left = student.call("descriptors")
    yield _tempted("files", left == PIPES, f"has {left} files open", "has its own pipes open and nothing else")


def _tempted(name: str, good: bool, bad_text: str, good_text: str) -> Finding:
    return Finding(f"canary: {name}", good, f"a submission {good_text if good else bad_text}")


def _refused(student: SandboxedStudent, function: str) -> bool:
    try:
        student.call(function)
    except StudentError as error:
        return "not permitted" in str(error) or "Permission" in str(error)
    return False

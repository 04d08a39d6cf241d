"""Inside another system's container: the best protection that it allows, tried before any student's file runs."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import autograder
import reference
from autograder.doctor import CANARY, self_test
from autograder.errors import GraderError
from autograder.model import Check, Limits, Unit
from autograder.sandbox import bubblewrap, plain
from autograder.sandbox.process import Sandbox, Worker
from autograder.sandbox.student import SandboxedStudent

PRIVATE = 0o700
USER = "user"  # a plain worker that becomes a user without privileges


@dataclass(frozen=True, slots=True)
class Protection:
    """Which sandbox it is, and what the instructor should know of it."""

    sandbox: str
    remarks: tuple[str, ...] = ()


def protect(private: Sequence[Path], *, trusted: bool) -> Protection:
    """bubblewrap where it runs; else, as root, a user without privileges who cannot read `private` nor the grader.

    `GraderError` where neither is possible, unless the code is `trusted`: its author's own machine.
    """
    problem = bubblewrap.problem()
    try:
        missing = [] if problem else self_test("bubblewrap")
    except GraderError as error:
        problem = str(error)
    if not problem:
        return Protection("bubblewrap", tuple(f"a layer of the sandbox is missing: {text}" for text in missing))
    if os.geteuid() == 0:
        kept = [*private, *(Path(package.__path__[0]) for package in (autograder, reference))]
        _close(kept)
        _tempt(kept)
        return Protection(USER, (f"graded without a sandbox, by a user without privileges who could not read the "
                                 f"grader, nor write its results: {problem}",))  # fmt: skip
    if trusted:
        return Protection("none", (f"graded without a sandbox: {problem}",))
    raise GraderError(f"{problem}; and without a sandbox the grader has to run as root, to give privileges up")


def _close(paths: Sequence[Path]) -> None:
    for path in paths:
        path.chmod(PRIVATE)


def _tempt(kept: Sequence[Path]) -> None:
    """Send a submission in that tries to read what it should not, or to write."""
    functions = ("read", "write", "user", "connect")
    unit = Unit("doctor/canary", "", (Check("canary", "", lambda student, case: None, functions),))
    worker = Worker(Sandbox(plain.launch_as_user(unit.allowed_packages, Limits())), own=True)
    try:
        student = SandboxedStudent(worker, unit, CANARY)
        reached = {*student.call("read", [str(path) for path in kept]), *student.call("write", ["/", "/opt", "/etc"])}
        if reached or student.call("user") == 0:
            raise GraderError(f"a submission could reach {', '.join(sorted(reached)) or 'the rights of root'}")
    finally:
        worker.close()

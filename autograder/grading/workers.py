"""Workers for submissions: each gets one of its own, in a sandbox that is kept where it can tell submissions apart."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from autograder.errors import GraderError, UsageError
from autograder.model import Limits
from autograder.sandbox import bubblewrap, plain
from autograder.sandbox.process import Launch, Sandbox, Worker

SANDBOXES = ("auto", "bubblewrap", "none")
INSTALL = "install it, or say `--sandbox none` to run submissions unprotected"


Kind = tuple[tuple[str, ...], Limits]


class Workers:
    """Hands out workers: a fresh one for each submission, from a sandbox of each kind that was started ahead."""

    def __init__(self, sandbox: str) -> None:
        self.name = sandbox
        self._launch: Callable[[tuple[str, ...], Limits], Launch]
        ways = {"none": plain.launch, "user": plain.launch_as_user}
        self._launch = ways.get(sandbox, bubblewrap.launch)
        self._ready: dict[Kind, Sandbox] = {}
        self._ours: dict[Kind, Worker] | None = None

    def ahead(self, packages: tuple[str, ...], limits: Limits) -> None:
        """Start the sandbox for the next worker of a kind now, and not when it is needed."""
        self._sandbox(_kind(packages, limits))

    def _sandbox(self, kind: Kind) -> Sandbox:
        """One that waits for a submission."""
        known = self._ready.get(kind)
        if known is None or known.ended:
            if known is not None:
                known.close()
            known = self._ready[kind] = Sandbox(self._launch(*kind))
        return known

    def _start(self, kind: Kind) -> Worker:
        sandbox = self._sandbox(kind)
        worker = Worker(sandbox)
        worker.start()
        if not sandbox.lasts:
            del self._ready[kind]  # the worker takes it along when it ends
        return worker

    @contextmanager
    def submission(self) -> Iterator[None]:
        """Within: units of one submission share a worker of each kind; its student code runs in children only."""
        self._ours = {}
        try:
            yield
        finally:
            for worker in self._ours.values():
                worker.close()
            self._ours = None

    @contextmanager
    def worker(self, packages: tuple[str, ...], limits: Limits, *, another: bool = False) -> Iterator[Worker]:
        """A worker of a kind, ended afterwards or with its submission; `another` prepares the next."""
        shared = self._ours if self._ours is not None else {}
        kind = _kind(packages, limits)
        if kind not in shared or shared[kind].ended:
            shared[kind] = self._start(kind)
            if another:
                self._sandbox(kind)
        try:
            yield shared[kind]
        finally:
            if shared is not self._ours:
                shared[kind].close()

    def close(self) -> None:
        for sandbox in self._ready.values():
            sandbox.close()
        self._ready.clear()


def _kind(packages: tuple[str, ...], limits: Limits) -> Kind:
    return packages, replace(limits, call_seconds=0.0)  # a call's deadline is the grader's business


@functools.cache
def choose_sandbox(wanted: str, *, trusted: bool) -> str:
    """Which sandbox to use: `wanted`, or for "auto" bubblewrap, and without it none if the code is trusted."""
    if wanted not in SANDBOXES:
        raise UsageError(f"there is no sandbox {wanted!r}; choose one of {', '.join(SANDBOXES)}")
    if wanted == "none":
        return "none"
    problem = bubblewrap.problem()
    if not problem:
        return "bubblewrap"
    if wanted == "auto" and trusted:
        return "none"
    raise GraderError(f"{problem}; {INSTALL}")

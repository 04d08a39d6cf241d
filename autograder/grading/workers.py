"""Workers for submissions: each gets one of its own, started while the one before is still being graded."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from autograder.errors import GraderError, UsageError
from autograder.model import Limits
from autograder.sandbox import bubblewrap, plain
from autograder.sandbox.process import Launch, Worker

SANDBOXES = ("auto", "bubblewrap", "none")
INSTALL = "install it, or say `--sandbox none` to run submissions unprotected"


Kind = tuple[tuple[str, ...], Limits]


class Workers:
    """Hands out workers: fresh ones for each submission, one started ahead for each kind."""

    def __init__(self, sandbox: str) -> None:
        self.name = sandbox
        self._launch: Callable[[tuple[str, ...], Limits], Launch]
        ways = {"none": plain.launch, "user": plain.launch_as_user}
        self._launch = ways.get(sandbox, bubblewrap.launch)
        self._ahead: dict[Kind, Worker] = {}
        self._ours: dict[Kind, Worker] | None = None

    def _start(self, kind: Kind) -> None:
        if kind not in self._ahead:
            self._ahead[kind] = Worker(self._launch(*kind))

    def ahead(self, packages: tuple[str, ...], limits: Limits) -> None:
        """Start the next worker of a kind now, and not when it is needed."""
        self._start((packages, limits))

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
        """A worker of a kind, killed afterwards or with its submission; with `another`, the next is started ahead."""
        shared = self._ours if self._ours is not None else {}
        kind = packages, replace(limits, call_seconds=0.0)  # a call's deadline is the grader's business
        if kind not in shared or shared[kind].ended:
            self._start(kind)
            shared[kind] = self._ahead.pop(kind)
            if another:
                self._start(kind)
        try:
            yield shared[kind]
        finally:
            if shared is not self._ours:
                shared[kind].close()

    def close(self) -> None:
        for worker in self._ahead.values():
            worker.close()
        self._ahead.clear()


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

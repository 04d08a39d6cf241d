"""Workers for submissions: each gets one of its own, started while the one before is still being graded."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from autograder.errors import GraderError, UsageError
from autograder.model import Limits
from autograder.sandbox import bubblewrap, plain
from autograder.sandbox.process import Launch, Worker

SANDBOXES = ("auto", "bubblewrap", "none")
INSTALL = "install it, or say `--sandbox none` to run submissions unprotected"


class Workers:
    """Hands out fresh workers, one started ahead for each kind."""

    def __init__(self, sandbox: str) -> None:
        self.name = sandbox
        self._launch: Callable[[tuple[str, ...], Limits], Launch]
        self._launch = plain.launch if sandbox == "none" else bubblewrap.launch
        self._ahead: dict[tuple[tuple[str, ...], Limits], Worker] = {}

    def prepare(self, packages: tuple[str, ...], limits: Limits) -> None:
        """Start a worker now that will be asked for soon."""
        if (packages, limits) not in self._ahead:
            self._ahead[packages, limits] = Worker(self._launch(packages, limits))

    @contextmanager
    def worker(self, packages: tuple[str, ...], limits: Limits, *, another: bool = False) -> Iterator[Worker]:
        """A worker for one submission, killed afterwards; with `another`, the next one is started meanwhile."""
        self.prepare(packages, limits)
        worker = self._ahead.pop((packages, limits))
        if another:
            self.prepare(packages, limits)
        try:
            yield worker
        finally:
            worker.close()

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

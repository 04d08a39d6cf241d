"""An executor for a batch: processes on this machine."""

import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

from autograder.course import entries, load
from autograder.grading.batch import close_workers
from autograder.submission import Submission

WORTH_IT = 4  # submissions below which processes cost more than they bring


@contextmanager
def pool(jobs: int, submissions: Sequence[Submission]) -> Iterator[Executor | None]:
    """An executor with `jobs` processes (0: one a core), or None where this process does as well.

    The units are loaded first, so that forked processes share torch and the reference instead of importing them again.
    """
    jobs = min(jobs or os.cpu_count() or 1, len(submissions))
    if jobs <= 1 or len(submissions) < WORTH_IT:
        try:
            yield None
        finally:
            close_workers()
        return
    for assignment in dict.fromkeys(submission.assignment for submission in submissions):
        for entry in entries(assignment):
            load(entry.path)
    executor = ProcessPoolExecutor(jobs, multiprocessing.get_context(_method()))
    try:
        yield executor
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _method() -> str:
    """fork, unless CUDA is up in this process: its state does not survive a fork."""
    torch = sys.modules.get("torch")
    started = torch is not None and torch.cuda.is_initialized()
    return "fork" if sys.platform == "linux" and not started else "spawn"

"""Who grades the jobs of a batch: this process, several on this machine, or a Dask cluster.

A process that dies costs a retry, not a result: what it had not finished is given out again, and a job that keeps
killing whoever works on it is reported as ungradable.
"""

import contextlib
import ctypes
import multiprocessing
import multiprocessing.util
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from autograder.course import load
from autograder.errors import GraderError, UsageError
from autograder.grading.batch import Done, Job, close_workers, given_up, make_job, run_job

Runner = Callable[[Sequence[Job]], Iterator[Done]]

WORTH_IT = 4  # submissions below which processes cost more than they bring
ROUNDS = 3  # pools that may break before jobs are tried one by one
PR_SET_PDEATHSIG = 1


def choose_runner(jobs: int, submissions: int, scheduler: str = "") -> Runner:
    """The runner for so many submissions, with so many processes (0: one a core) or on a cluster's scheduler."""
    if scheduler:
        return lambda todo: on_cluster(todo, scheduler)
    processes = min(jobs or os.cpu_count() or 1, submissions)
    if processes <= 1 or (submissions < WORTH_IT and not jobs):
        return in_process
    return lambda todo: in_processes(todo, processes)


def in_process(jobs: Sequence[Job]) -> Iterator[Done]:
    """One after the other, here."""
    try:
        yield from map(run_job, jobs)
    finally:
        close_workers()


def in_processes(jobs: Sequence[Job], processes: int) -> Iterator[Done]:
    """Several at a time. The units are loaded first, so that forked processes share torch and the reference."""
    left = dict(enumerate(jobs))
    for path in dict.fromkeys(entry.path for job in jobs for entry in job.settings.wanted(job.submission.assignment)):
        load(path)
    for _ in range(ROUNDS):
        if left:
            yield from _one_pool(left, processes)
    for number in list(left):  # something kills the processes: find out which job it is
        alone = {number: left.pop(number)}
        yield from _one_pool(alone, 1)
        yield from map(given_up, alone.values())


def _one_pool(left: dict[int, Job], processes: int) -> Iterator[Done]:
    """Work through what is `left` until that is done or the pool breaks; finished jobs are taken out of it."""
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context(_method(left.values())), _prepare_process)
    try:
        yield from _finished(pool, left)
    except BrokenProcessPool:
        pass
    finally:
        if left:  # stopped: nobody waits for what is being graded now
            for process in multiprocessing.active_children():
                process.kill()
        pool.shutdown(cancel_futures=True)


def _finished(executor: Executor, left: dict[int, Job]) -> Iterator[Done]:
    futures = {executor.submit(run_job, job): number for number, job in left.items()}
    for future in as_completed([*futures]):
        done = future.result()
        del left[futures.pop(future)]  # a future keeps its result, and a class may be large
        yield done


def run_elsewhere(job: Job) -> Done:
    """Grade a job on another machine: only with the very same code and versions is it the same result."""
    if make_job(job.submission, job.settings).key != job.key:
        raise GraderError("a worker of the cluster has another version of handgrad or of the packages that it uses")
    return run_job(job)


def on_cluster(jobs: Sequence[Job], scheduler: str) -> Iterator[Done]:
    """On the workers of a Dask scheduler, each of which needs handgrad and a sandbox of its own."""
    try:
        from distributed import Client, KilledWorker
    except ImportError as error:
        raise UsageError("--scheduler needs Dask: pip install 'handgrad[cluster]'") from error
    try:
        client = Client(scheduler, timeout=5)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        raise GraderError(f"no Dask scheduler answers at {scheduler}: {error}") from error
    with client, client.get_executor(pure=False, retries=ROUNDS) as executor:  # type: ignore[no-untyped-call]
        futures = {executor.submit(run_elsewhere, job): job for job in jobs}
        for future in as_completed(futures):
            try:
                yield future.result()
            except KilledWorker:
                yield given_up(futures[future])
            except (OSError, ImportError, CancelledError) as error:
                raise GraderError(f"the cluster failed: {error!r}; run the same command again to go on") from error


def _prepare_process() -> None:
    """In a process of the pool: leave Ctrl-C to the one that started it, and end when that one does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    multiprocessing.util.Finalize(None, close_workers, exitpriority=0)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _method(jobs: Iterable[Job]) -> str:
    """fork, unless CUDA is used, or up in this process: its state does not survive a fork."""
    torch = sys.modules.get("torch")
    started = torch is not None and torch.cuda.is_initialized()
    started = started or any(job.settings.device != "cpu" for job in jobs)
    return "fork" if sys.platform == "linux" and not started else "spawn"

"""Who grades the jobs: a process of the pool that dies costs a retry, not a result."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from classes import CORRECT, SECRET, STUB

from autograder.errors import GraderError, UsageError
from autograder.grading import batch, runners
from autograder.grading.batch import Done, Job, Settings, given_up, make_job
from autograder.grading.runners import choose_runner, in_process, in_processes, run_elsewhere
from autograder.grading.seeds import Seed
from autograder.grading.workers import Workers
from autograder.submission import Submission

# A forked process has the replaced `grade_submission` of its parent.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")


def jobs(number: int, source: str = STUB) -> list[Job]:
    settings = Settings(Seed(0, SECRET), "none")
    return [make_job(Submission(f"s{n}", "convnets", {"pooling": source}), settings) for n in range(number)]


def killer(marks: Path, victim: str, times: int) -> Callable[[Job, Workers], Done]:
    """Grades nothing, but kills its own process the first few times it comes to the victim."""

    def grade(job: Job, workers: Workers) -> Done:
        (marks / f"{job.submission.student}-{time.monotonic_ns()}").touch()
        if job.submission.student == victim and len(list(marks.glob(f"{victim}-*"))) <= times:
            os.kill(os.getpid(), signal.SIGKILL)
        return Done(given_up(job).result, {"pid": os.getpid()})

    return grade


def students(done: Iterator[Done]) -> list[str]:
    return sorted(each.result.student for each in done)


def test_processes_do_all_of_it_and_each_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "grade_submission", killer(tmp_path, "", 0))
    done = list(in_processes(jobs(9), 2))
    assert students(iter(done)) == [f"s{n}" for n in range(9)]
    assert len(list(tmp_path.iterdir())) == 9
    assert os.getpid() not in {each.times["pid"] for each in done}


@pytest.mark.parametrize("times", [1, 2])
def test_a_process_that_dies_costs_a_retry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    monkeypatch.setattr(batch, "grade_submission", killer(tmp_path, "s3", times))
    done = list(in_processes(jobs(8), 2))
    assert students(iter(done)) == [f"s{n}" for n in range(8)]
    assert all(each.times for each in done)  # none was given up


def test_a_job_that_kills_everyone_is_given_up_and_the_rest_is_graded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "grade_submission", killer(tmp_path, "s3", 1000))
    done = list(in_processes(jobs(8), 2))
    assert students(iter(done)) == [f"s{n}" for n in range(8)]
    assert [each.result.student for each in done if not each.times] == ["s3"]


def test_who_stops_asking_waits_for_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(job: Job, workers: Workers) -> Done:
        time.sleep(0 if job.submission.student == "s0" else 60)
        return Done(given_up(job).result, {})

    monkeypatch.setattr(batch, "grade_submission", slow)
    started = time.monotonic()
    working = in_processes(jobs(6), 2)
    assert next(working).result.student == "s0"
    working.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 30


@pytest.mark.sandbox
def test_one_process_and_two_grade_the_same() -> None:
    todo = [*jobs(3, CORRECT), *jobs(1)]
    alone = sorted((done.result for done in in_process(todo)), key=repr)
    assert sorted((done.result for done in in_processes(todo, 2)), key=repr) == alone


@pytest.mark.parametrize(
    ("wanted", "submissions", "processes"),
    [(1, 100, 1), (0, 3, 1), (0, 1, 1), (2, 2, 2), (7, 3, 3), (3, 100, 3), (5, 1, 1)],
)
def test_processes_by_what_there_is_to_do(
    monkeypatch: pytest.MonkeyPatch, wanted: int, submissions: int, processes: int
) -> None:
    chosen: list[int] = []
    monkeypatch.setattr(runners, "in_process", lambda todo: chosen.append(1))
    monkeypatch.setattr(runners, "in_processes", lambda todo, number: chosen.append(number))
    runner: Any = choose_runner(wanted, submissions)
    runner([])
    assert chosen == [processes]


def test_another_version_elsewhere_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    job = jobs(1)[0]
    monkeypatch.setattr(batch, "code_digest", lambda: "other code")
    with pytest.raises(GraderError, match="another version of handgrad"):
        run_elsewhere(job)


def test_without_dask_the_scheduler_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def first(runner: Callable[[Sequence[Job]], Iterator[Done]]) -> Done:
        return next(runner(jobs(1)))

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install 'handgrad\[cluster\]'"):
        first(choose_runner(0, 1, "tcp://127.0.0.1:9"))

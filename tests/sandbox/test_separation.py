"""Submissions that one sandbox serves in turn: nothing passes from one to the next, nor to the parent between them."""

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from below import descendants, gone, status_of

from autograder.errors import Died, StudentError
from autograder.grading.workers import Workers
from autograder.model import Check, Limits, Unit
from autograder.sandbox import bubblewrap
from autograder.sandbox.process import Worker
from autograder.sandbox.student import SandboxedStudent

pytestmark = pytest.mark.sandbox

SECRET = "a-word-that-no-library-has"
LEAVES = f"""
# {SECRET}
import builtins, fcntl, os, signal, sys, threading, time
import numpy as np

def leave():
    for number in (0, 1, 2):
        fcntl.fcntl(number, fcntl.F_SETFL, os.O_NONBLOCK | os.O_APPEND)
    np.left = np.random.left = builtins.left = sys.left = {SECRET!r}
    os.environ["LEFT"] = "{SECRET}"
    sys.modules["left"] = np
    np.random.seed(1)
    np.seterr(all="raise")
    np.add = None
    for _ in range(3):
        os.pipe()
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    return os.getpid()

def attack():
    done = []
    for number in [*range(-1, 40)]:
        for kind in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP):
            if number == os.getpid():
                continue
            try:
                os.kill(number, kind)
                done.append(number)
            except OSError:
                pass
    return done

def end():
    os._exit(0)
"""
LOOKS = """
import builtins, fcntl, os, sys, threading
import numpy as np

def look():
    places = (np, np.random, builtins, sys)
    found = [str(place) for place in places if hasattr(place, "left")]
    found += [name for name in ("LEFT",) if name in os.environ] + [name for name in ("left",) if name in sys.modules]
    found += [] if np.geterr()["divide"] == "warn" else ["errstate"]
    found += [] if int(np.add(1, 1)) == 2 else ["add"]
    return found + ["thread"] * (threading.active_count() - 1)

def open_files():
    found = []
    for number in range(64):
        try:
            found.append([number, fcntl.fcntl(number, fcntl.F_GETFL)])
        except OSError:
            pass
    return found
"""
UNIT = Unit(
    "tests/inside",
    "",
    (Check("inside", "", lambda student, case: None, ("leave", "attack", "end", "look", "open_files")),),
)


@pytest.fixture
def workers() -> Iterator[Workers]:
    workers = Workers("bubblewrap")
    yield workers
    workers.close()


@contextlib.contextmanager
def student(workers: Workers, source: str) -> Iterator[tuple[Worker, SandboxedStudent]]:
    with workers.worker(UNIT.allowed_packages, UNIT.limits) as worker:
        yield worker, SandboxedStudent(worker, UNIT, source)


def processes(worker: Worker) -> list[int]:
    """The parent inside, the worker, the child."""
    return descendants(worker.sandbox.process.pid)[1:]


def memory_of(pid: int) -> Iterator[bytes]:
    """What a process holds, but for the files that it maps."""
    with open(f"/proc/{pid}/mem", "rb") as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            start, end = (int(number, 16) for number in line.split()[0].split("-"))
            if line.split()[1].startswith("rw") and "[v" not in line:
                memory.seek(start)
                yield memory.read(end - start)


def test_one_sandbox_serves_many(workers: Workers) -> None:
    with student(workers, LEAVES) as (first, submission):
        submission.call("leave")
        before = processes(first)
    with student(workers, LOOKS) as (second, submission):
        assert second.sandbox is first.sandbox
        assert submission.call("look") == []
        after = processes(second)
    assert before[0] == after[0]
    assert not set(before[1:]) & set(after)
    assert all(map(gone, before[1:]))


def test_each_has_namespaces_and_a_user_of_its_own(workers: Workers) -> None:
    names = ("pid", "net", "ipc", "uts", "cgroup")
    seen = []
    for _ in range(2):
        with student(workers, LOOKS) as (worker, submission):
            submission.call("look")
            parent, *own = processes(worker)
            found = [{name: os.readlink(f"/proc/{pid}/ns/{name}") for name in names} for pid in (parent, *own)]
            assert all(found[0][name] != found[1][name] for name in names)
            assert found[1] == found[2]
            seen.append(status_of(own[-1])["Uid"])
    if os.geteuid() == 0:
        assert seen[0] != seen[1]


def test_the_worker_has_no_rights_left(workers: Workers) -> None:
    with student(workers, LOOKS) as (worker, submission):
        submission.call("look")
        for pid in processes(worker)[1:]:
            status = status_of(pid)
            assert {status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {"0" * 16}
            assert status["NoNewPrivs"] == "1"
            assert "0" not in status["Uid"].split()


def test_the_parent_never_sees_a_submission(workers: Workers) -> None:
    with student(workers, LEAVES) as (worker, submission):
        submission.call("leave")
        parent, between, child = processes(worker)
        assert any(SECRET.encode() in part for part in memory_of(child))
        assert not any(SECRET.encode() in part for pid in (parent, between) for part in memory_of(pid))


def test_no_file_is_handed_on(workers: Workers) -> None:
    found = []
    for source in (LOOKS, LEAVES, LOOKS):
        with student(workers, source) as (_, submission):
            found.append(submission.call("leave" if source is LEAVES else "open_files"))
    assert found[0] == found[2]
    assert len(found[0]) == 5


def test_no_signal_reaches_anyone(workers: Workers) -> None:
    with student(workers, LEAVES) as (worker, submission):
        assert submission.call("attack") == []
        before = processes(worker)
    with student(workers, LOOKS) as (worker, submission):
        assert submission.call("look") == []
        assert processes(worker)[0] == before[0]


def test_a_sandbox_in_which_anything_went_wrong_is_not_used_again(workers: Workers) -> None:
    with student(workers, LEAVES) as (first, submission):
        with pytest.raises(Died):
            submission.call("end")
        pids = [first.sandbox.process.pid, *descendants(first.sandbox.process.pid)]
    assert all(map(gone, pids))
    with student(workers, LOOKS) as (second, submission):
        assert second.sandbox is not first.sandbox
        assert submission.call("look") == []


def test_an_exception_is_nothing_wrong(workers: Workers) -> None:
    with student(workers, LEAVES) as (first, submission), pytest.raises(StudentError):
        submission.call("look")
    with student(workers, LOOKS) as (second, _):
        assert second.sandbox is first.sandbox


@pytest.mark.parametrize("stop", ["refused", "failing"])
def test_without_namespaces_each_gets_a_sandbox(
    workers: Workers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, stop: str
) -> None:
    """Where the right to make them is refused, and where it is given but the kernel says no."""
    bubblewrap._static.cache_clear()
    if stop == "refused":
        monkeypatch.setattr(bubblewrap, "_can_separate", lambda: False)
    else:
        for name in bubblewrap.FILES:
            text = (bubblewrap.HERE / name).read_text()
            (tmp_path / name).write_text(re.sub(r"^NAMESPACES = .*", "NAMESPACES = -1", text, flags=re.MULTILINE))
        monkeypatch.setattr(bubblewrap, "HERE", tmp_path)
    try:
        with student(workers, LEAVES) as (first, submission):
            submission.call("leave")
        with student(workers, LOOKS) as (second, submission):
            assert submission.call("look") == []
            assert second.sandbox is not first.sandbox
            status = status_of(descendants(second.sandbox.process.pid)[-1])
        assert first.sandbox.ended
        assert "0" not in status["Uid"].split()
        assert set(status["CapEff"]) == {"0"}
    finally:
        bubblewrap._static.cache_clear()


def test_who_is_given_up_halfway_leaves_nothing_to_the_next(workers: Workers) -> None:
    """A fault of the grader's, in the middle of a unit: the units that follow share the worker."""
    with workers.submission():
        counts, children = [], []
        for _ in range(4):
            with student(workers, LEAVES) as (worker, submission):
                submission.call("leave")
                children.append(processes(worker)[-1])
                counts.append((len(os.listdir("/proc/self/fd")), len(processes(worker))))
        assert len(set(counts)) == 1
        assert all(map(gone, children[:-1]))
    assert gone(children[-1])


def test_limits_are_held_for_each(workers: Workers) -> None:
    source = "def look():\n    return len(bytearray(1 << 30))\n"
    for _ in range(2):
        with student(workers, source) as (_, submission), pytest.raises(StudentError, match="MemoryError"):
            submission.call("look")
    assert Limits().memory_bytes == 1 << 30

"""What a submission can see and do in the sandbox, looked at from inside and from outside."""

import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from below import descendants, ended, gone, status_of

from autograder.doctor import canary
from autograder.errors import Died, StudentError, TimedOut
from autograder.model import Check, Limits, Unit
from autograder.sandbox import bubblewrap, guard
from autograder.sandbox.process import Sandbox, Worker
from autograder.sandbox.student import SandboxedStudent

pytestmark = pytest.mark.sandbox

INSIDE = """
import os, resource, socket, stat, sys, time

def files(known):
    found = [os.path.join(folder, name) for folder, _, names in os.walk("/") for name in names]
    return [path for path in found if not path.startswith(tuple(known)) or "site-packages" in path.split("/")]

def tops():
    return os.listdir("/")

def worker_files():
    return sorted(os.listdir("/handgrad"))

def writable():
    paths = [path for folder, _, names in os.walk("/") for path in (folder, *(folder + "/" + name for name in names))]
    return [path for path in paths if os.access(path, os.W_OK)]

def made():
    done = []
    for folder in [*(folder for folder, _, _ in os.walk("/")), "/tmp", "/dev/shm", "/var/tmp", "/run"]:
        try:
            os.close(os.open(folder + "/new", os.O_WRONLY | os.O_CREAT, 0o600))
            done.append(folder)
        except OSError:
            pass
    return done

def identity():
    return [os.getuid(), os.geteuid(), os.getgid(), os.getegid(), os.getpid(), os.getppid()]

def environment():
    return dict(os.environ)

def descriptors():
    found = {}
    for number in range(1024):
        try:
            found[number] = stat.S_IFMT(os.fstat(number).st_mode)
        except OSError:
            pass
    return found

def limits():
    names = ("AS", "CPU", "NPROC", "FSIZE", "NOFILE", "CORE")
    return {name: list(resource.getrlimit(getattr(resource, "RLIMIT_" + name))) for name in names}

def interfaces():
    return [name for _, name in socket.if_nameindex()]

def modules():
    return sorted(sys.modules)

def nap(seconds):
    time.sleep(seconds)

def stop():
    os.kill(os.getpid(), 19)

def regex():
    import re
    re.match("(a+)+$", "a" * 60 + "b")

def power():
    return len(str(9 ** 9 ** 8))

def leave():
    os._exit(3)
"""
FUNCTIONS = tuple(re.findall(r"^def (\w+)", INSIDE, re.MULTILINE))
UNIT = Unit("tests/inside", "", (Check("inside", "", lambda student, case: None, FUNCTIONS),))
SHOWN = ("/python/", "/site/numpy", "/clib/", "/handgrad/", "/lib", "/dev/null")


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker(Sandbox(bubblewrap.launch(UNIT.allowed_packages, Limits())), own=True)
    yield worker
    worker.close()


@pytest.fixture
def student(worker: Worker) -> SandboxedStudent:
    return SandboxedStudent(worker, UNIT, INSIDE, limits=Limits(call_seconds=2))


@pytest.fixture
def status(worker: Worker, student: SandboxedStudent) -> dict[str, str]:
    """/proc/<pid>/status of the process that runs the submission, as this process sees it."""
    student.call("identity")
    return status_of(descendants(worker.sandbox.process.pid)[-1])


def test_only_the_runtime_can_be_seen(student: SandboxedStudent) -> None:
    assert student.call("files", list(SHOWN)) == []
    assert student.call("worker_files") == ["protocol.py", "seccomp.py", "server.py", "tensors.py", "worker.py"]


def test_folder_names_tell_nothing_about_this_machine(student: SandboxedStudent) -> None:
    assert set(student.call("tops")) <= {"python", "site", "clib", "handgrad", "dev", "lib", "lib64"}


def test_nothing_is_writable(student: SandboxedStudent) -> None:
    assert student.call("writable") == ["/dev/null"]
    assert student.call("made") == []


def test_nobody_special_inside(student: SandboxedStudent) -> None:
    uid, euid, gid, egid, pid, parent = student.call("identity")
    assert 0 not in (uid, euid, gid, egid)
    assert pid < 10
    assert parent < pid


def test_nobody_special_outside(status: dict[str, str]) -> None:
    assert "0" not in status["Uid"].split()
    assert "0" not in status["Gid"].split()
    assert status["Groups"] in ("", "65534") or os.geteuid() != 0


def test_no_capabilities_and_no_new_ones(status: dict[str, str]) -> None:
    assert {status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {"0" * 16}
    assert status["NoNewPrivs"] == "1"


def test_the_system_call_filter_is_on(status: dict[str, str]) -> None:
    assert status["Seccomp"] == "2"


def test_each_sandbox_has_a_user_of_its_own(status: dict[str, str]) -> None:
    if os.geteuid() != 0:
        pytest.skip("started by an ordinary user, all sandboxes run as that user")
    other = Worker(Sandbox(bubblewrap.launch(UNIT.allowed_packages, Limits())), own=True)
    try:
        SandboxedStudent(other, UNIT, INSIDE).call("identity")
        assert status_of(descendants(other.sandbox.process.pid)[-1])["Uid"] != status["Uid"]
    finally:
        other.close()


def test_namespaces_are_its_own(worker: Worker, student: SandboxedStudent) -> None:
    student.call("identity")
    inside = descendants(worker.sandbox.process.pid)[-1]
    for name in ("pid", "net", "ipc", "uts", "mnt", "cgroup"):
        assert os.readlink(f"/proc/{inside}/ns/{name}") != os.readlink(f"/proc/self/ns/{name}")


def test_no_network(student: SandboxedStudent) -> None:
    with pytest.raises(StudentError, match="not permitted"):
        student.call("interfaces")


def test_network_namespace_has_nothing_but_an_idle_loopback(worker: Worker, student: SandboxedStudent) -> None:
    student.call("identity")
    inside = descendants(worker.sandbox.process.pid)[-1]
    routes = Path(f"/proc/{inside}/net/route").read_text().splitlines()
    devices = Path(f"/proc/{inside}/net/dev").read_text().splitlines()[2:]
    assert len(routes) <= 1
    assert [line.split(":")[0].strip() for line in devices] in ([], ["lo"])


def test_the_environment_is_made_for_it(student: SandboxedStudent) -> None:
    assert set(student.call("environment")) <= {
        "PYTHONHOME", "PYTHONPATH", "PYTHONUNBUFFERED", "LD_LIBRARY_PATH", "LC_ALL", "PWD",
        "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "CUDA_VISIBLE_DEVICES",
    }  # fmt: skip


def test_bubblewrap_itself_has_an_empty_environment(worker: Worker, student: SandboxedStudent) -> None:
    student.call("identity")
    for pid in (worker.sandbox.process.pid, descendants(worker.sandbox.process.pid)[0]):
        assert Path(f"/proc/{pid}/environ").read_bytes() == b""


def test_only_its_own_pipes_are_open(student: SandboxedStudent) -> None:
    fifo, character = 0o010000, 0o020000
    found = student.call("descriptors")
    assert sorted(found.values()) == [fifo] * 4 + [character]
    assert found[0] == character


def test_limits_are_in_force(student: SandboxedStudent) -> None:
    limits = student.call("limits")
    assert limits["AS"] == [Limits().memory_bytes] * 2
    assert limits["FSIZE"] == limits["CORE"] == [0, 0]
    assert limits["NPROC"] == limits["NOFILE"] == [64, 64]
    assert 0 < limits["CPU"][1] <= 120


def test_no_grader_code_is_loaded(student: SandboxedStudent) -> None:
    tops = {name.split(".")[0] for name in student.call("modules")}
    assert not tops & {"autograder", "reference", "torch", "hypothesis", "msgspec"}


@pytest.mark.parametrize("function", ["regex", "power"])
def test_loops_in_c_are_ended_in_time(student: SandboxedStudent, function: str) -> None:
    started = time.monotonic()
    with pytest.raises(TimedOut):
        student.call(function)
    assert time.monotonic() - started < 5


def test_a_stopped_process_is_ended_in_time(student: SandboxedStudent) -> None:
    with pytest.raises(TimedOut):
        student.call("stop")
    student.begin()
    assert student.call("environment")


def test_an_exit_is_told(student: SandboxedStudent) -> None:
    with pytest.raises(Died, match=r"ended itself \(exit code 3\)"):
        student.call("leave")


def test_an_ended_child_leaves_no_zombie(worker: Worker, student: SandboxedStudent) -> None:
    student.call("identity")
    before = descendants(worker.sandbox.process.pid)
    student.begin()
    student.call("identity")
    assert len(descendants(worker.sandbox.process.pid)) == len(before)


def _stop_inner(worker: Worker) -> None:
    for pid in descendants(worker.sandbox.process.pid):
        os.kill(pid, signal.SIGSTOP)


def _kill_outer(worker: Worker) -> None:
    worker.sandbox.process.kill()
    worker.sandbox.process.wait()


def _kill_parent_inside(worker: Worker) -> None:
    os.kill(descendants(worker.sandbox.process.pid)[1], signal.SIGKILL)


def _nothing(worker: Worker) -> None:
    pass


@pytest.mark.parametrize("accident", [_nothing, _stop_inner, _kill_outer, _kill_parent_inside])
def test_closing_leaves_no_process(worker: Worker, student: SandboxedStudent, accident: Any) -> None:
    student.call("identity")
    pids = [worker.sandbox.process.pid, *descendants(worker.sandbox.process.pid)]
    assert len(pids) >= 3
    accident(worker)
    started = time.monotonic()
    worker.close()
    assert time.monotonic() - started < 3
    assert [pid for pid in pids if not gone(pid)] == []


def test_closing_before_it_has_started_leaves_no_process() -> None:
    for pause in (0.0, 0.0, 0.002, 0.005, 0.01, 0.03):
        worker = Worker(Sandbox(bubblewrap.launch(UNIT.allowed_packages, Limits())), own=True)
        time.sleep(pause)
        pids = [worker.sandbox.process.pid, *descendants(worker.sandbox.process.pid)]
        worker.close()
        assert [pid for pid in pids if not gone(pid)] == []


def test_closing_leaves_no_file_open(student: SandboxedStudent, worker: Worker) -> None:
    def once() -> None:
        other = Worker(Sandbox(bubblewrap.launch(UNIT.allowed_packages, Limits())), own=True)
        SandboxedStudent(other, UNIT, INSIDE).call("identity")
        other.close()

    once()
    before = len(os.listdir("/proc/self/fd"))
    once()
    assert len(os.listdir("/proc/self/fd")) == before


def test_calls_after_the_sandbox_has_ended_say_so(worker: Worker, student: SandboxedStudent) -> None:
    student.call("identity")
    inner = descendants(worker.sandbox.process.pid)
    _kill_outer(worker)
    while not all(map(ended, inner)):
        time.sleep(0.01)
    for _ in range(2):
        with pytest.raises(Died):
            student.call("environment")


def test_the_grader_cannot_be_looked_into() -> None:
    guard.protect_grader()
    pid = os.fork()
    if pid == 0:  # a fork is not dumpable either
        os._exit(guard._libc().prctl(3, 0, 0, 0, 0))
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_the_grader_adopts_orphans() -> None:
    guard.protect_grader()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        grandchild = os.fork()
        if grandchild:
            os.write(write, str(grandchild).encode())
        else:
            time.sleep(0.2)
        os._exit(0)
    os.waitpid(child, 0)
    orphan = os.pidfd_open(int(os.read(read, 20)))
    guard.kill(orphan)
    guard.reap_orphan(orphan)
    for descriptor in (orphan, read, write):
        os.close(descriptor)


def test_the_canary_finds_every_layer_in_place() -> None:
    assert [finding for finding in canary("bubblewrap") if not finding.good] == []


def test_the_canary_names_what_is_missing() -> None:
    bad = {finding.name for finding in canary("none") if not finding.good}
    assert {"canary: reading", "canary: /proc"} <= bad


def test_the_canary_misses_the_filter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    header = "def install() -> bool:"
    source = (bubblewrap.HERE / "seccomp.py").read_text().replace(header, f"{header}\n    return True")
    for name in bubblewrap.FILES:
        (tmp_path / name).write_text((bubblewrap.HERE / name).read_text())
    (tmp_path / "seccomp.py").write_text(source)
    monkeypatch.setattr(bubblewrap, "HERE", tmp_path)
    bubblewrap._static.cache_clear()
    try:
        bad = {finding.name for finding in canary("bubblewrap") if not finding.good}
    finally:
        monkeypatch.undo()
        bubblewrap._static.cache_clear()
    assert "canary: calls" in bad


@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is for Linux")
def test_problem_is_cached_and_empty_where_it_works() -> None:
    assert bubblewrap.problem() == ""

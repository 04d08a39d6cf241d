"""`--scheduler`: a Dask scheduler and two workers on this machine, one of which is killed in the middle."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from classes import FULL, SECRET, class_of, write
from processes import PATIENCE, start, wait_for
from processes import run as handgrad

pytest.importorskip("distributed", reason="needs the extra `cluster`")

pytestmark = pytest.mark.slow

NUMBER = 6  # with two at work when the first result is there, one of them in the worker that is killed


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def dask(log: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    with log.open("wb") as file:
        command = [sys.executable, "-m", "dask", *arguments]
        return subprocess.Popen(command, stdout=file, stderr=file, cwd=log.parent)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, "list[subprocess.Popen[bytes]]"]]:
    """The address of a scheduler, and the processes of its two workers."""
    port, log = free_port(), tmp_path / "scheduler.log"
    address = f"tcp://127.0.0.1:{port}"
    options = ["--host", "127.0.0.1", "--no-dashboard"]
    with ExitStack() as processes:
        scheduler = dask(log, "scheduler", "--port", str(port), *options)
        processes.callback(end, scheduler)
        workers = []
        for name in ("one", "two"):
            worker = ["worker", address, "--no-nanny", "--nthreads", "1", "--name", name, *options]
            workers.append(dask(tmp_path / f"{name}.log", *worker))
            processes.callback(end, workers[-1])
        wait_for(lambda: log.read_text().count("Register worker") == 2, "both workers are there")
        yield address, workers


def end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()


def test_a_killed_worker_costs_a_retry(
    tmp_path: Path, cluster: tuple[str, "list[subprocess.Popen[bytes]]"], sandbox_kind: str
) -> None:
    address, workers = cluster
    folder = write(tmp_path / "submitted", class_of(NUMBER))
    (tmp_path / "secret").write_bytes(SECRET)
    arguments = ["grade", folder, "--secret-file", tmp_path / "secret", "--sandbox", sandbox_kind, "--out"]
    with start(*arguments, tmp_path / "cluster", "--scheduler", address) as grader:
        wait_for(lambda: list(tmp_path.glob("cluster/*/*.json")) or grader.poll() is not None, "there is a result")
        os.kill(workers[0].pid, signal.SIGKILL)
        _, errors = grader.communicate(timeout=PATIENCE)
    assert grader.returncode == 0, errors
    assert "Traceback" not in errors
    assert handgrad(*arguments, tmp_path / "here", "--jobs", "2").returncode == 0
    assert (tmp_path / "cluster/grades.csv").read_bytes() == (tmp_path / "here/grades.csv").read_bytes()
    assert f"s00,convnets,pooling,{FULL:g},{FULL:g},0\n" in (tmp_path / "cluster/grades.csv").read_text()
    for student in ("s00", "s05"):
        results = [(tmp_path / where / student / "convnets.json").read_bytes() for where in ("cluster", "here")]
        assert results[0] == results[1]


def test_a_wrong_address_is_said_in_one_line(tmp_path: Path, sandbox_kind: str) -> None:
    """Two of them at once: one is waited for."""
    folder = write(tmp_path / "submitted", class_of(1))
    (tmp_path / "secret").write_bytes(SECRET)
    arguments = ["grade", folder, "--secret-file", tmp_path / "secret", "--sandbox", sandbox_kind]
    addresses = (f"tcp://127.0.0.1:{free_port()}", "what://127.0.0.1:1")
    graders = [
        start(*arguments, "--out", tmp_path / f"out{number}", "--scheduler", address)
        for number, address in enumerate(addresses)
    ]
    for grader in graders:
        _, errors = grader.communicate(timeout=PATIENCE)
        assert grader.returncode == 3
        said = [line for line in errors.splitlines() if "WITHOUT a sandbox" not in line]
        assert len(said) == 1
        assert said[0].startswith("handgrad: no Dask scheduler answers at ")

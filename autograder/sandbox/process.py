"""Sandboxes and workers as the grader holds them: started ahead, asked for workers, asked for children, killed.

A sandbox is a running bubblewrap (or a plain process) with a parent inside that has the packages loaded. It makes a
worker for each submission, in namespaces of its own where the machine can do that; else it serves one submission.
The grader and each of these share a control socket. Every wait has a deadline; what does not answer is killed.
"""

import contextlib
import itertools
import os
import re
import socket
import struct
import subprocess
import time
from dataclasses import dataclass, field

from autograder.errors import Died, GraderError
from autograder.sandbox import guard
from autograder.sandbox.channel import Channel

MANY, ONE = b"M", b"1"  # these and the next as in worker.py
SPAWN, SPAWNED = struct.Struct("<I"), b"S"
FORK, REAP = b"F", b"K"
START_SECONDS = 60.0
INFO_SECONDS = 2.0
KILL_SECONDS = 5.0
END_SECONDS = 1.0
CHILD_PID = re.compile(rb'"child-pid": *(\d+)')
USERS = 4096  # numbers for workers, before they come again
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start a sandbox. `info_fd` asks for bubblewrap's word on which process to kill."""

    argv: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    name: str = "plain"
    info_fd: bool = False


class Sandbox:
    """One running sandbox. Starting returns at once; the first worker waits until it is ready."""

    def __init__(self, launch: Launch) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._info = os.memfd_create("info") if launch.info_fd else -1  # bwrap would stop at a pipe that we left
        argv = [*launch.argv]
        if launch.info_fd:
            argv[1:1] = ["--info-fd", str(self._info)]
        self.name = launch.name
        self._serves = b""
        self._closed = False
        self.process = subprocess.Popen(
            argv, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env=dict(launch.environment), pass_fds=(self._info,) if launch.info_fd else (),
            start_new_session=True,  # Ctrl-C is for the grader, which ends its sandboxes in order
        )  # fmt: skip
        theirs.close()

    @property
    def ended(self) -> bool:
        """Whether it was closed, or has ended by itself."""
        return self._closed or self.process.poll() is not None

    @property
    def lasts(self) -> bool:
        """Whether it can serve another submission after one; known once it is ready."""
        return self._serves == MANY and not self.ended

    def spawn(self) -> socket.socket:
        """A fresh worker, for one submission: its control socket."""
        if not self._serves:
            self._serves = self._answer()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            socket.send_fds(self._control, [SPAWN.pack(next(_numbers) % USERS)], [theirs.fileno()])
            spawned = self._answer() == SPAWNED
        except OSError:
            spawned = False
        finally:
            theirs.close()
        if not spawned:
            ours.close()
            raise GraderError(f"the sandbox made no worker ({self.name}): {self._last_words()}")
        return ours

    def close(self) -> None:
        """Kill everything inside and leave no process behind."""
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(OSError):
            self._control.close()
        self._kill()
        if self.process.stderr:
            self.process.stderr.close()
        if self._info >= 0:
            os.close(self._info)

    def _answer(self) -> bytes:
        self._control.settimeout(START_SECONDS)
        try:
            answer = self._control.recv(1)
        except OSError:
            answer = b""
        if not answer:
            raise GraderError(f"the sandbox did not start ({self.name}): {self._last_words()}")
        return answer

    def _kill(self) -> None:
        """bubblewrap's inner process first: its end ends all others inside, and then the outer one ends as well."""
        inner = self._inner_process()
        try:
            guard.kill(inner) if inner >= 0 else self.process.kill()
            self.process.wait(KILL_SECONDS)
        except (PermissionError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        if inner >= 0:
            guard.reap_orphan(inner)
            os.close(inner)

    def _inner_process(self) -> int:
        """A pidfd of the process inside that all others there depend on; -1 if there is none, or no more."""
        deadline = time.monotonic() + INFO_SECONDS  # bubblewrap tells within milliseconds of its start
        while self._info >= 0 and time.monotonic() < deadline:
            ended = self.process.poll() is not None
            told = CHILD_PID.search(os.pread(self._info, 4096, 0))  # JSON, of which perhaps only a part is there yet
            if told:
                with contextlib.suppress(OSError):
                    return os.pidfd_open(int(told[1]))
            if told or ended:
                break
            time.sleep(0.001)
        return -1

    def _last_words(self) -> str:
        self.process.kill()
        _, stderr = self.process.communicate()
        return stderr.decode("utf-8", "backslashreplace").strip()[-500:] or "no message"


class Worker:
    """What serves one submission: asked for children, one after the other. With `own`, the sandbox ends with it."""

    def __init__(self, sandbox: Sandbox, *, own: bool = False) -> None:
        self.sandbox = sandbox
        self.troubled = False  # something inside ended badly: the sandbox should not serve another submission
        self._own = own
        self._closed = False
        self._control: socket.socket | None = None
        self._channel: Channel | None = None

    @property
    def name(self) -> str:
        return self.sandbox.name

    @property
    def ended(self) -> bool:
        """Whether it was closed, or its sandbox has ended."""
        return self._closed or self.sandbox.ended

    def start(self) -> None:
        """Have the worker made, if it is not yet there."""
        if self._control is None:
            self._control = self.sandbox.spawn()

    def fork(self) -> Channel:
        """A fresh child, and the channel to it."""
        self.settle()
        self.start()
        requests_theirs, requests = os.pipe()
        replies, replies_theirs = os.pipe()
        log, log_theirs = os.pipe()
        theirs = [requests_theirs, replies_theirs, log_theirs]
        self._channel = Channel(requests, replies, log)
        try:
            assert self._control is not None
            socket.send_fds(self._control, [FORK], theirs)
        except OSError as error:
            raise Died("the sandbox has ended") from error
        finally:
            for fd in theirs:
                os.close(fd)
        return self._channel

    def settle(self) -> None:
        """End a child that is still there: its student was given up halfway."""
        if self._channel and not self._channel.closed:
            self.reap()
            self._channel.close()

    def reap(self) -> int:
        """Kill the child if it still runs. Its wait status, or -1 if the worker itself has ended."""
        answer = b""
        with contextlib.suppress(OSError):
            if self._control is not None:
                self._control.settimeout(KILL_SECONDS)
                self._control.send(REAP)
                answer = self._control.recv(4)
        if len(answer) < 4:
            self.troubled = True
            self.close()
            return -1
        return int.from_bytes(answer, "little", signed=True)

    def close(self) -> None:
        """End the worker with everything in it; the whole sandbox, if that is its own or anything was out of order."""
        if self._closed:
            return
        if not (self._own or self.ended):
            self.settle()
        self._closed = True
        if self._channel:
            self._channel.close()
        keep = self.sandbox.lasts and not (self._own or self.troubled) and self._ends()
        if self._control is not None:
            self._control.close()
        if not keep:
            self.sandbox.close()

    def _ends(self) -> bool:
        """Let the worker end, and say whether it has: as the first process of its namespaces it takes all along."""
        if self._control is None:
            return True
        with contextlib.suppress(OSError):
            self._control.settimeout(END_SECONDS)
            self._control.shutdown(socket.SHUT_WR)
            return not self._control.recv(1)
        return False

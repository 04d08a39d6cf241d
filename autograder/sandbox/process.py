"""A worker process as the grader holds it: started ahead, asked for children, killed.

The grader and the worker's parent share one control socket. For each child the grader makes three fresh pipes and
sends the far ends over. Every wait has a deadline that the grader keeps; what does not answer is killed.
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field

from autograder.errors import BadReply, Died, GraderError, TimedOut
from autograder.sandbox import protocol

READY, FORK, REAP = b"R", b"F", b"K"  # as in worker.py
START_SECONDS = 60.0
CHUNK = 1 << 16
MAX_LOG = 1 << 13


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start a worker. `info_fd` asks for bubblewrap's word on which process to kill."""

    argv: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    name: str = "plain"
    info_fd: bool = False


class Worker:
    """One running worker. Starting returns at once; the first child waits until it is ready."""

    def __init__(self, launch: Launch) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._info, info = os.pipe() if launch.info_fd else (-1, -1)
        argv = [*launch.argv]
        if launch.info_fd:
            argv[1:1] = ["--info-fd", str(info)]
        self.name = launch.name
        self._ready = False
        self._process = subprocess.Popen(
            argv, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env=dict(launch.environment), pass_fds=(info,) if launch.info_fd else (),
        )  # fmt: skip
        theirs.close()
        if launch.info_fd:
            os.close(info)

    def fork(self) -> "Channel":
        """A fresh child, and the channel to it."""
        self._await_ready()
        requests_theirs, requests = os.pipe()
        replies, replies_theirs = os.pipe()
        log, log_theirs = os.pipe()
        theirs = [requests_theirs, replies_theirs, log_theirs]
        try:
            socket.send_fds(self._control, [FORK], theirs)
        except OSError as error:
            raise Died("the sandbox has ended") from error
        finally:
            for fd in theirs:
                os.close(fd)
        return Channel(requests, replies, log)

    def reap(self) -> int:
        """Kill the child if it still runs. Its wait status, or -1 if the sandbox itself has ended."""
        try:
            self._control.send(REAP)
            self._control.settimeout(5)
            answer = self._control.recv(4)
        except OSError:
            answer = b""
        if len(answer) < 4:
            self.close()
            return -1
        return int.from_bytes(answer, "little", signed=True)

    def close(self) -> None:
        """Kill everything inside and leave no process behind."""
        with contextlib.suppress(OSError):
            self._control.close()
        if self._process.poll() is None:
            self._kill()
        self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()
        if self._info >= 0:
            os.close(self._info)
            self._info = -1

    def _kill(self) -> None:
        """bubblewrap's inner process first: it is that process's end that ends all others inside."""
        inner = self._inner_pid()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(inner, signal.SIGKILL) if inner else self._process.kill()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _inner_pid(self) -> int:
        if self._info < 0 or not select.select([self._info], [], [], 0)[0]:
            return 0
        try:
            return int(json.loads(os.read(self._info, 4096))["child-pid"])
        except (ValueError, KeyError, TypeError):
            return 0

    def _await_ready(self) -> None:
        if self._ready:
            return
        self._control.settimeout(START_SECONDS)
        try:
            answer = self._control.recv(1)
        except OSError:
            answer = b""
        if answer != READY:
            raise GraderError(f"the worker did not start ({self.name}): {self._last_words()}")
        self._ready = True

    def _last_words(self) -> str:
        self._process.kill()
        _, stderr = self._process.communicate()
        return stderr.decode("utf-8", "backslashreplace").strip()[-500:] or "no message"


class Channel:
    """Requests out, replies in, and what the student prints, over one child's pipes."""

    def __init__(self, requests: int, replies: int, log: int) -> None:
        self._requests, self._replies, self._log = requests, replies, log
        self.printed = bytearray()
        for fd in (requests, replies, log):
            os.set_blocking(fd, False)
        self._poll = select.poll()
        self._poll.register(replies, select.POLLIN)
        self._poll.register(log, select.POLLIN)
        self._log_open = True

    def exchange(self, frame: bytes, seconds: float, limit: int) -> object:
        """Send one frame, and decode the one that answers within `seconds` and `limit` bytes."""
        deadline = time.monotonic() + seconds
        self._send(frame, deadline)
        try:
            return self._reply(deadline, limit)
        except protocol.ProtocolError as error:
            raise BadReply(f"what came back is not a result ({error})") from error

    def _reply(self, deadline: float, limit: int) -> object:
        prefix = protocol.LENGTHS.size
        data = self._receive(b"", prefix, deadline)
        header, body = protocol.lengths(data[:prefix], limit)
        data = self._receive(data, prefix + header + body, deadline)
        if len(data) > prefix + header + body:
            raise protocol.ProtocolError("more than one answer to one call")
        content = memoryview(data)
        return protocol.decode(content[prefix : prefix + header], content[prefix + header :])

    def close(self) -> None:
        """Close our ends; the child reads that as the end. What it printed last is kept."""
        with contextlib.suppress(OSError):
            self._drain()
        for fd in (self._requests, self._replies, self._log):
            os.close(fd)

    def _send(self, frame: bytes, deadline: float) -> None:
        view = memoryview(frame)
        while view:
            try:
                view = view[os.write(self._requests, view) :]
            except BlockingIOError:
                self._wait(self._requests, select.POLLOUT, deadline)
            except BrokenPipeError:
                raise Died("the process ended") from None

    def _receive(self, data: bytes, count: int, deadline: float) -> bytes:
        """`data`, continued to at least `count` bytes; small answers come whole with the first read."""
        if len(data) >= count:
            return data
        chunks, missing = [data], count - len(data)
        while missing > 0:
            self._wait(self._replies, select.POLLIN, deadline)
            chunk = os.read(self._replies, CHUNK)
            if not chunk:
                raise Died("the process ended without an answer")
            chunks.append(chunk)
            missing -= len(chunk)
        return b"".join(chunks)

    def _wait(self, fd: int, event: int, deadline: float) -> None:
        """Wait for `fd`, throwing away what the student prints beyond the first few kilobytes."""
        if event == select.POLLOUT:
            self._poll.register(fd, event)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimedOut("no answer in time")
            ready = dict(self._poll.poll(left * 1000))
            if self._log in ready:
                self._drain()
            if fd in ready:
                break
        if event == select.POLLOUT:
            self._poll.unregister(fd)

    def _drain(self) -> None:
        while self._log_open:
            try:
                chunk = os.read(self._log, CHUNK)
            except BlockingIOError:
                return
            if not chunk:
                self._log_open = False
                self._poll.unregister(self._log)
            self.printed += chunk[: MAX_LOG - len(self.printed)]
            if len(chunk) < CHUNK:
                return

"""A worker process as the grader holds it: started ahead, asked for children, killed.

The grader and the worker's parent share one control socket. For each child the grader makes three fresh pipes and
sends the far ends over. Every wait has a deadline that the grader keeps; what does not answer is killed.
"""

import contextlib
import os
import re
import select
import socket
import subprocess
import time
from dataclasses import dataclass, field

from autograder.errors import BadReply, Died, GraderError, TimedOut
from autograder.sandbox import guard, protocol

READY, FORK, REAP = b"R", b"F", b"K"  # as in worker.py
START_SECONDS = 60.0
INFO_SECONDS = 2.0
KILL_SECONDS = 5.0
CHUNK = 1 << 16
CHILD_PID = re.compile(rb'"child-pid": *(\d+)')
MAX_LOG = 1 << 13
MAX_DRAIN = 16  # chunks; a pipe holds one


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
        self._info = os.memfd_create("info") if launch.info_fd else -1  # bwrap would stop at a pipe that we left
        argv = [*launch.argv]
        if launch.info_fd:
            argv[1:1] = ["--info-fd", str(self._info)]
        self.name = launch.name
        self._ready = self._closed = False
        self._channel: Channel | None = None
        self._process = subprocess.Popen(
            argv, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env=dict(launch.environment), pass_fds=(self._info,) if launch.info_fd else (),
            start_new_session=True,  # Ctrl-C is for the grader, which ends its workers in order
        )  # fmt: skip
        theirs.close()

    @property
    def ended(self) -> bool:
        """Whether it was closed, or has ended by itself."""
        return self._closed or self._process.poll() is not None

    def fork(self) -> "Channel":
        """A fresh child, and the channel to it."""
        self._await_ready()
        requests_theirs, requests = os.pipe()
        replies, replies_theirs = os.pipe()
        log, log_theirs = os.pipe()
        theirs = [requests_theirs, replies_theirs, log_theirs]
        self._channel = Channel(requests, replies, log)
        try:
            socket.send_fds(self._control, [FORK], theirs)
        except OSError as error:
            raise Died("the sandbox has ended") from error
        finally:
            for fd in theirs:
                os.close(fd)
        return self._channel

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
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(OSError):
            self._control.close()
        if self._channel:
            self._channel.close()
        self._kill()
        if self._process.stderr:
            self._process.stderr.close()
        if self._info >= 0:
            os.close(self._info)

    def _kill(self) -> None:
        """bubblewrap's inner process first: its end ends all others inside, and then the outer one ends as well."""
        inner = self._inner_process()
        try:
            guard.kill(inner) if inner >= 0 else self._process.kill()
            self._process.wait(KILL_SECONDS)
        except (PermissionError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        if inner >= 0:
            guard.reap_orphan(inner)
            os.close(inner)

    def _inner_process(self) -> int:
        """A pidfd of the process inside that all others there depend on; -1 if there is none, or no more."""
        deadline = time.monotonic() + INFO_SECONDS  # bubblewrap tells within milliseconds of its start
        while self._info >= 0 and time.monotonic() < deadline:
            ended = self._process.poll() is not None
            told = CHILD_PID.search(os.pread(self._info, 4096, 0))  # JSON, of which perhaps only a part is there yet
            if told:
                with contextlib.suppress(OSError):
                    return os.pidfd_open(int(told[1]))
            if told or ended:
                break
            time.sleep(0.001)
        return -1

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
        self._closed = False

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
        if self._closed:
            return
        self.drain()
        self._closed = True
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

    def _receive(self, data: bytes | bytearray, count: int, deadline: float) -> bytes | bytearray:
        """`data`, continued to at least `count` bytes; small answers come whole with the first read."""
        if len(data) >= count:
            return data
        received = bytearray(data)  # not a list of chunks: a student may send one byte at a time
        while len(received) < count:
            self._wait(self._replies, select.POLLIN, deadline)
            chunk = os.read(self._replies, CHUNK)
            if not chunk:
                raise Died("the process ended without an answer")
            received += chunk
        return received

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
                self._read_log()
            if fd in ready:
                break
        if event == select.POLLOUT:
            self._poll.unregister(fd)

    def drain(self) -> None:
        """Take in what has been printed by now."""
        for _ in range(MAX_DRAIN):
            if not self._read_log():
                return

    def _read_log(self) -> bool:
        """Read one chunk of what is printed, keep its beginning, and say whether there may be more.

        One and no more: between two reads the caller looks at the clock, since some submissions never stop printing.
        """
        try:
            chunk = os.read(self._log, CHUNK) if self._log_open and not self._closed else b""
        except BlockingIOError:
            return False
        if not chunk and self._log_open and not self._closed:
            self._log_open = False
            self._poll.unregister(self._log)
        self.printed += chunk[: MAX_LOG - len(self.printed)]
        return len(chunk) == CHUNK

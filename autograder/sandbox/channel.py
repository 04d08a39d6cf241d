"""The pipes between the grader and one child: requests out, replies in, and what the student prints.

Every wait has a deadline that the grader keeps.
"""

import os
import select
import time
from collections.abc import Sequence

from autograder.errors import BadReply, Died, TimedOut
from autograder.sandbox import protocol

CHUNK = 1 << 16
MAX_LOG = 1 << 13
MAX_DRAIN = 16  # chunks; a pipe holds one


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
        self.closed = False

    def exchange(self, frame: bytes, seconds: float, limit: int) -> object:
        """Send one frame, and decode the one that answers within `seconds` and `limit` bytes."""
        return self.exchange_all([frame], seconds, [limit])[0]

    def exchange_all(self, frames: Sequence[bytes], seconds: float, limits: Sequence[int]) -> list[object]:
        """Send frames together, and decode those that answer, all within `seconds`, each within its bytes.

        Together they must fit into a pipe: the child may answer the first before it has read the last.
        """
        deadline = time.monotonic() + seconds
        self._send(b"".join(frames), deadline)
        data, replies = bytearray(), []
        try:
            for limit in limits:
                reply, data = self._reply(data, deadline, limit)
                replies.append(reply)
            if data:
                raise protocol.ProtocolError("more than one answer to one call")
        except protocol.ProtocolError as error:
            raise BadReply(f"what came back is not a result ({error})") from error
        return replies

    def _reply(self, data: bytearray, deadline: float, limit: int) -> tuple[object, bytearray]:
        """The value of the next reply, which begins with `data`, and what has come after it."""
        prefix = protocol.LENGTHS.size
        data = self._receive(data, prefix, deadline)
        header, body = protocol.lengths(data[:prefix], limit)
        data = self._receive(data, prefix + header + body, deadline)
        content, after = memoryview(data)[: prefix + header + body], data[prefix + header + body :]
        return protocol.decode(content[prefix : prefix + header], content[prefix + header :]), after

    def close(self) -> None:
        """Close our ends; the child reads that as the end. What it printed last is kept."""
        if self.closed:
            return
        self.drain()
        self.closed = True
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

    def _receive(self, data: bytearray, count: int, deadline: float) -> bytearray:
        """`data`, continued to at least `count` bytes; small answers come whole with the first read."""
        while len(data) < count:  # not a list of chunks: a student may send one byte at a time
            self._wait(self._replies, select.POLLIN, deadline)
            chunk = os.read(self._replies, CHUNK)
            if not chunk:
                raise Died("the process ended without an answer")
            data += chunk
        return data

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

    def listen(self) -> int:
        """How much has been printed by now."""
        self.drain()
        return len(self.printed)

    def forget(self, since: int) -> None:
        """Forget what was printed `since`."""
        self.drain()
        del self.printed[since:]

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
            chunk = os.read(self._log, CHUNK) if self._log_open and not self.closed else b""
        except BlockingIOError:
            return False
        if not chunk and self._log_open and not self.closed:
            self._log_open = False
            self._poll.unregister(self._log)
        self.printed += chunk[: MAX_LOG - len(self.printed)]
        return len(chunk) == CHUNK

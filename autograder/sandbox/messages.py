"""Requests as they go to a submission, and what comes back as the grader may take it."""

import builtins
import os
import signal
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograder.errors import BadReply, Raised, StudentError
from autograder.model import Request, Rng
from autograder.sandbox import protocol

AT_ONCE = 48_000  # bytes of requests, which a pipe holds
SPARE_BYTES = 1 << 16  # a wrong answer may be this much larger than its arguments, so that its shape can be shown


def frame_of(request: Request) -> tuple[bytes, int]:
    """The encoded request, kept with it, and how many bytes of arrays its answer may hold."""
    cache = request.cache
    if "frame" not in cache:
        arguments = [sendable(argument, request.read_only) for argument in request.arguments]
        size = sum(map(_bytes, request.arguments))
        options = {name: sendable(value, request.read_only) for name, value in request.options.items()}
        cache["frame"] = protocol.encode(("call", request.function, arguments, options))
        cache["limit"] = 64 * size + SPARE_BYTES
    return cache["frame"], cache["limit"]


def that_fit(requests: Sequence[Request]) -> Iterator[list[Request]]:
    """The requests in parts that can each be sent at once; who is too large for that comes alone, later."""
    part: list[Request] = []
    room = AT_ONCE
    for request in requests:
        size = len(frame_of(request)[0])
        if size > AT_ONCE:
            continue
        if size > room:
            yield part
            part, room = [], AT_ONCE
        part.append(request)
        room -= size
    if part:
        yield part


def _bytes(value: Any) -> int:
    """How many bytes of arrays there are in an argument."""
    if isinstance(value, dict):
        return sum(map(_bytes, value.values()))
    return value.nbytes if isinstance(value, np.ndarray) else 0


def sendable(value: Any, read_only: bool) -> Any:
    if isinstance(value, dict):
        return {key: sendable(part, read_only) for key, part in value.items()}
    if isinstance(value, np.ndarray):
        contiguous = value.flags.c_contiguous
        layout = "C" if contiguous else "F" if value.flags.f_contiguous else "strided"
        return protocol.Array(value, layout, read_only)
    if isinstance(value, tuple):
        return tuple(sendable(part, read_only) for part in value)
    return protocol.Rng(value.seed) if isinstance(value, Rng) else value


def written(answer: Any) -> bytes:
    """An answer as bytes, to tell whether two are the same."""
    if isinstance(answer, StudentError):
        return str(answer).encode()
    try:
        return protocol.encode(answer)
    except protocol.ProtocolError:  # short as it came, too long as we would write it
        return repr(answer).encode("utf-8", "backslashreplace")


def alone(error: StudentError) -> StudentError:
    """The error without the frames that it came through: they would keep whole replies, and this student, alive."""
    error.__traceback__ = error.__cause__ = error.__context__ = None
    return error


def found_in(loaded: Any) -> dict[str, str]:
    """What the file is said to define: names of functions, and words for what they are."""
    if not isinstance(loaded, dict) or not all(isinstance(word, str) for word in (*loaded, *loaded.values())):
        raise BadReply("what came back is not a list of the functions that the file defines")
    return {name: word[:100] for name, word in loaded.items()}


def raised(failure: protocol.Failure, lines: int) -> Raised:
    """What the worker says was raised. Its word is the student's word, and might carry a hidden case out: only a
    built-in exception's name and the number of a line that exists are taken from it."""
    kind = getattr(builtins, failure.exception, None)
    known = isinstance(kind, type) and issubclass(kind, BaseException)
    shown = failure.shown if failure.shown.isidentifier() else ""
    line = failure.line if failure.line and 0 < failure.line <= lines else None
    return Raised(failure.exception if known else "Exception", failure.text, line, shown)


def describe_status(status: int) -> str:
    """How a child ended, from its wait status."""
    if status < 0:
        return "the sandbox ended"
    if os.WIFEXITED(status):
        return f"the process ended itself (exit code {os.WEXITSTATUS(status)})"
    number = os.WTERMSIG(status)
    name = signal.Signals(number).name if number in set(signal.Signals) else str(number)
    why = {"SIGSEGV": ", a crash in C or a stack overflow", "SIGKILL": ", a limit"}.get(name, "")
    return f"the process was killed ({name}{why})"

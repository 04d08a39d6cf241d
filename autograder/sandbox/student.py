"""The proxy through which judging sees a submission: requests in, values out, whatever happens in between."""

import ast
import difflib
import functools
import re
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autograder.errors import BadReply, Died, LoadFailed, Missing, Raised, StudentError, TimedOut
from autograder.model import Limits, Request, Unit
from autograder.sandbox import protocol
from autograder.sandbox.channel import MAX_LOG, Channel
from autograder.sandbox.messages import (
    SPARE_BYTES,
    alone,
    describe_status,
    found_in,
    frame_of,
    raised,
    sendable,
    that_fit,
    written,
)
from autograder.sandbox.process import Worker

DRIVERS = Path(__file__).parents[1] / "drivers"
DEFINITION = re.compile(r"^(?:async )?def (\w{1,100})\b", re.MULTILINE)
MAX_LINE = 200  # characters of a submission's line that are quoted
TIMEOUTS_ALLOWED = 2  # of one function, before it is not run again
NOT_DEFINED = "NotDefined"  # as in tensors.py: what a driver raises about a function that is not there
BET_SECONDS = 1.0  # for answers to questions that are asked at once


class SandboxedStudent:
    """One submission in one worker. Implements `autograder.model.Student`.

    Checks share a child where they can, since a fresh one costs more than most checks. `enter` names the group of
    checks that comes next and the functions that it is about, `begin` puts a fresh child in place of the one that
    runs, and `spoiled` says whether other functions were called in it before: then a failure proves nothing yet.
    `steady` asks the group's first question again. Answers are remembered by request: checks of one group share them.
    """

    def __init__(
        self, worker: Worker, unit: Unit, source: str, *, limits: Limits | None = None, notebook: bool = False,
        given: Callable[..., Any] | None = None,
    ) -> None:  # fmt: skip
        self._worker = worker
        self._limits = limits or unit.limits
        text = np.frombuffer(source.encode("utf-8", "surrogatepass"), np.uint8)
        names = list(unit.functions), list(unit.forbidden_names), list(unit.borrows)
        driver = np.frombuffer(driver_source(unit.driver), np.uint8)
        self._driven = driver_functions(unit.driver)
        self._borrows, self._given = frozenset(unit.borrows), given
        self._load = protocol.encode(("load", text, unit.name, *names, notebook, driver))
        self._source = source
        self._lines = source.split("\n")
        self._hidden = {check.given.name if check.given else check.name for check in unit.checks if check.hidden}
        self._channel: Channel | None = None
        self._answers: dict[int, tuple[Request, Any]] = {}
        self._timeouts: dict[str, int] = {}
        self._functions: dict[str, str] = {}
        self._load_error: StudentError | None = None
        self._group = ""
        self._about: tuple[str, ...] = ()
        self._owner: tuple[str, ...] = ()  # the functions that alone were called in this child
        self._first: Request | None = None
        self._listening = True
        self._slow = bool(unit.borrows or unit.driver)  # or has shown that it is: nothing is asked at once
        self.spoiled = False
        self.seconds = 0.0
        self.printed = bytearray()

    def enter(self, group: str, functions: tuple[str, ...]) -> bool:
        """Tell that the checks of `group` come next, and hear whether that is another group than before.

        What is printed once hidden cases are known is not kept.
        """
        if group == self._group:
            return False
        if group in self._hidden:
            self._listen()
            self._listening = False
        self._group, self._about, self._first = group, functions, None
        self.spoiled = self._channel is not None and self._owner != functions
        if self.spoiled:
            self._owner = ()
        return True

    def begin(self) -> None:
        """Let the next request run in a fresh child, with nothing remembered."""
        if self._channel:
            self._dismiss()
        self._answers.clear()
        self._owner, self._first = self._about, None
        self.spoiled = False

    def steady(self) -> bool:
        """Whether the first question of this group still has the same answer, after all that was asked since."""
        first = self._first
        if first is None or self._channel is None or id(first) not in self._answers:
            return True
        before, after = self._answers[id(first)][1], self._outcome(first)
        return written(before) == written(after)

    def call(self, function: str, *arguments: Any, **options: Any) -> Any:
        return self.ask(Request(function, arguments, options))

    def ask(self, request: Request) -> Any:
        known = self._answers.get(id(request))
        if known is None:
            self._first = self._first or request
            known = (request, self._outcome(request))  # the request is kept, so that its id stays its own
            self._answers[id(request)] = known
        if isinstance(known[1], StudentError):
            raise known[1]
        return known[1]

    def expect(self, requests: Sequence[Request]) -> None:
        """Ask all at once, where nothing speaks against it, and remember the answers.

        A process that waits for one question after another is woken, and finds its caches cold, for each. A bet: if
        anything but prompt answers comes back, all is forgotten, and they are asked one by one in a fresh child.
        """
        new = [request for request in requests if id(request) not in self._answers]
        for together in () if self._slow else that_fit(new):
            self._first = self._first or together[0]
            try:
                self._ready()
                if any(self._functions.get(request.function) != "function" for request in together):
                    return
                answers = self._at_once(together)
            except StudentError:
                self._slow = True
                self.begin()
                return
            for request, answer in zip(together, answers, strict=True):
                failed = isinstance(answer, protocol.Failure)
                self._answers[id(request)] = request, raised(answer, len(self._lines)) if failed else answer

    def _at_once(self, requests: Sequence[Request]) -> list[Any]:
        assert self._channel is not None
        printed = self._channel.listen()
        started = time.monotonic()
        frames, limits = zip(*map(frame_of, requests), strict=True)
        left = self._limits.submission_seconds - self.seconds
        try:
            answers = self._channel.exchange_all(frames, min(BET_SECONDS, self._limits.call_seconds, left), limits)
            if any(isinstance(answer, protocol.Ask) for answer in answers):
                raise BadReply("a question, where an answer should be")
        except StudentError:
            self._worker.troubled = True
            self._worker.reap()
            self._channel.forget(printed)
            raise
        finally:
            self.seconds += time.monotonic() - started
        return answers

    def line(self, number: int | None) -> str:
        """The text of a line of the submission, if it has that many."""
        return self._lines[number - 1].strip()[:MAX_LINE] if number and number <= len(self._lines) else ""

    def _outcome(self, request: Request) -> Any:
        try:
            return self._run(request)
        except TimedOut as error:
            self._timeouts[request.function] = self._timeouts.get(request.function, 0) + 1
            return alone(error)
        except StudentError as error:
            return alone(error)

    def _run(self, request: Request) -> Any:
        if self._timeouts.get(request.function, 0) >= TIMEOUTS_ALLOWED:
            raise TimedOut(f"{request.function} was not run again after it had timed out {TIMEOUTS_ALLOWED} times")
        self._ready()
        if request.function in self._driven:
            return self._drive(request)
        if self._functions.get(request.function) != "function":
            raise Missing(self._why_missing(request.function))
        frame, limit = frame_of(request)
        return self._exchange(frame, limit, f"{request.function} gave no answer")

    def _drive(self, request: Request) -> Any:
        """What a function of the driver comes to with the submission's functions; one that is not there is missing."""
        frame, limit = frame_of(request)
        try:
            return self._exchange(frame, limit, f"{request.function} gave no answer")
        except Raised as error:
            if error.shown == NOT_DEFINED and self._functions.get(error.text, "function") != "function":
                raise Missing(self._why_missing(error.text)) from None
            raise

    def _ready(self) -> None:
        """Have a child that has executed the submission."""
        if self._load_error:
            raise self._load_error
        if self._channel:
            return
        self._channel = self._worker.fork()
        try:
            loaded = self._exchange(self._load, SPARE_BYTES, "the file did not finish loading")
            self._functions = found_in(loaded)
        except Raised as error:
            self._load_error = LoadFailed(error.exception, error.text, error.line)
            raise self._load_error from None
        except StudentError as error:
            self._load_error = error
            raise

    def _exchange(self, frame: bytes, limit: int, what: str) -> Any:
        left = self._limits.submission_seconds - self.seconds
        if left <= 0:
            raise TimedOut(f"the {self._limits.submission_seconds:g} seconds for one submission are used up")
        allowed = min(left, self._limits.call_seconds)
        assert self._channel is not None
        started = time.monotonic()
        try:
            value = self._channel.exchange(frame, allowed, limit)
            while isinstance(value, protocol.Ask):
                left = allowed - (time.monotonic() - started)
                value = self._channel.exchange(self._lent(value), left, limit)
        except TimedOut:
            self._end_badly()
            raise TimedOut(f"{what} within {allowed:g} seconds (an endless loop?)") from None
        except Died:
            raise Died(f"{what}: {describe_status(self._end_badly())}") from None
        except BadReply:
            self._end_badly()
            raise
        finally:
            self.seconds += time.monotonic() - started
        if isinstance(value, protocol.Failure):
            raise raised(value, len(self._lines))
        return value

    def _lent(self, ask: protocol.Ask) -> bytes:
        """The answer to a call that the submission makes of a function given to it, as a frame."""
        if ask.function not in self._borrows or self._given is None:
            return protocol.encode(protocol.Failure("AttributeError", f"{ask.function} is not given here", None, ""))
        try:
            return protocol.encode(sendable(self._given(ask.function, ask.arguments, ask.options), False))
        except Exception as error:  # what the submission handed over is anything at all
            kind = next((kind for kind in (TypeError, IndexError) if isinstance(error, kind)), ValueError)
            return protocol.encode(protocol.Failure(kind.__name__, str(error), None, ""))

    def _dismiss(self) -> int:
        """End the child, keep what it printed, and say how it ended."""
        assert self._channel is not None
        status = self._worker.reap()
        self._worker.troubled |= status not in (0, signal.SIGKILL)  # it was no longer there to be killed
        self._listen()
        self._channel.close()
        self._channel, self._owner = None, ()
        return status

    def _end_badly(self) -> int:
        """End a child that misbehaved; what it ran in is not for the next submission."""
        self._worker.troubled = True
        return self._dismiss()

    def _listen(self) -> None:
        """Keep what the child has printed by now."""
        if self._channel and self._listening:
            self._channel.drain()
            self.printed += self._channel.printed[: MAX_LOG - len(self.printed)]
            self._channel.printed.clear()

    def _why_missing(self, function: str) -> str:
        found = self._functions.get(function, "missing")
        if found != "missing":
            return f"{function} is a {found}, not a function"
        names = [name for name in DEFINITION.findall(self._source)[:200] if name != function]
        similar = difflib.get_close_matches(function, names, 1, 0.8)
        return f"the file does not define {function}" + (f", but {similar[0]!a}" if similar else "")


@functools.cache
def driver_source(driver: str) -> bytes:
    """The source of a unit's driver; nothing if it has none."""
    return (DRIVERS / f"{driver}.py").read_bytes() if driver else b""


@functools.cache
def driver_functions(driver: str) -> frozenset[str]:
    """What a driver offers: its public functions."""
    found = [node.name for node in ast.parse(driver_source(driver)).body if isinstance(node, ast.FunctionDef)]
    return frozenset(name for name in found if not name.startswith("_"))

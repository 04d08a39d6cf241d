"""What the benchmarks share: tables, medians, files to measure with, and a student who lives in this process."""

import importlib
import os
import signal
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NoReturn

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers")]  # so that a checkout needs no installation

from autograder.errors import LoadFailed, Missing, Raised, TimedOut  # noqa: E402
from autograder.model import Request, Unit  # noqa: E402
from autograder.sandbox import protocol  # noqa: E402

UNITS = ("convolution/conv2d", "convnets/pooling", "recurrence/rnn")
RIGHT = {
    "convolution/conv2d": ("ada", "bela", "chen", "dario", "emil", "fatou"),
    "convnets/pooling": ("ada", "bela", "chen", "rosa"),
    "recurrence/rnn": ("ada", "bela", "chen"),
}
CALL_SECONDS = 2.0


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a Markdown table with aligned columns: text to the left, the rest to the right."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(header, *cells, strict=True)]
    left = [not rows or (isinstance(cell, str) and not cell[:1].isdigit()) for cell in (rows[0] if rows else header)]
    rule = ["-" * width if to_left else "-" * (width - 1) + ":" for width, to_left in zip(widths, left, strict=True)]
    for line in (header, rule, *cells):
        padded = [
            cell.ljust(width) if to_left else cell.rjust(width)
            for cell, width, to_left in zip(line, widths, left, strict=True)
        ]
        print(f"| {' | '.join(padded)} |")
    print(flush=True)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.1f}"


def percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def median(measure: Callable[[], float], runs: int) -> float:
    return statistics.median(measure() for _ in range(runs))


def one_core() -> None:
    """Keep this process, and every process that it starts, on one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def solution(unit: str) -> Path:
    return ROOT / "solutions" / f"{unit}.py"


def correct_files(unit: str) -> dict[str, Path]:
    """Correct answers to a unit, by style: the model answer, tests/submissions/styles/, and the sample class's.

    Those named float32_* are right but for precision.
    """
    found = {"solution": solution(unit)}
    submissions = ROOT / "tests" / "submissions"
    for path in sorted((submissions / "styles" / Path(unit).name).glob("*.py")):
        found[path.stem] = path
    for student in RIGHT.get(unit, ()):
        path = submissions / "class" / student / f"{unit}.py"
        if path.is_file():
            found[student] = path
    return found


class LocalStudent:
    """A submission executed in this process: for trusted code, where only the judging is to be measured.

    Arguments are copied and results make the round trip through the protocol, as they do with a worker.
    """

    def __init__(self, source: str, name: str = "submission") -> None:
        self._source, self._name = source, name
        self._module: ModuleType | None = None
        self._group = ""
        self._answers: dict[int, tuple[Request, Any]] = {}
        self.spoiled = False
        self.calls = 0

    @classmethod
    def of(cls, path: Path) -> "LocalStudent":
        return cls(path.read_text(encoding="utf-8"), path.stem)

    def steady(self) -> bool:
        return True

    def enter(self, group: str, functions: tuple[str, ...]) -> bool:
        other = group != self._group
        self.spoiled = bool(self._group) and other
        self._group = group
        return other

    def begin(self) -> None:
        self._module = None
        self._answers.clear()
        self.spoiled = False

    def line(self, number: int | None) -> str:
        return ""

    def expect(self, requests: Sequence[Request]) -> None:
        pass

    def call(self, function: str, *arguments: Any, **options: Any) -> Any:
        return self.ask(Request(function, arguments, options))

    def ask(self, request: Request) -> Any:
        known = self._answers.get(id(request))
        if known is None:
            known = request, self._outcome(request)
            self._answers[id(request)] = known
        if isinstance(known[1], Exception):
            raise known[1]
        return known[1]

    def _outcome(self, request: Request) -> Any:
        self.calls += 1
        function = getattr(self.module, request.function, None)
        if function is None:
            return Missing(f"the file does not define {request.function}")
        try:
            with _deadline(), np.errstate(all="ignore"):
                value = function(*(_copy(argument, request.read_only) for argument in request.arguments),
                                 **request.options)  # fmt: skip
        except TimedOut as error:
            return error
        except Exception as error:
            return Raised(type(error).__name__, str(error))
        return crossed(value)

    @property
    def module(self) -> ModuleType:
        if self._module is None:
            self._module = module_of(self._source, self._name)
        return self._module


def module_of(source: str, name: str = "submission") -> ModuleType:
    """The module that `source` makes; what it prints is dropped."""
    module = ModuleType(name)
    try:
        with silence():
            exec(compile(source, f"{name}.py", "exec", dont_inherit=True), module.__dict__)
    except Exception as error:
        raise LoadFailed(type(error).__name__, str(error)) from error
    return module


def crossed(value: Any) -> Any:
    """The value as it arrives at the grader's end of the pipe."""
    frame = memoryview(protocol.encode(value))
    header, _ = protocol.lengths(bytes(frame[: protocol.LENGTHS.size]))
    content = frame[protocol.LENGTHS.size :]
    return protocol.decode(content[:header], content[header:])


def _copy(argument: Any, read_only: bool) -> Any:
    if isinstance(argument, np.ndarray):
        argument = argument.copy(order="K")
        argument.flags.writeable = not read_only
    return argument


@contextmanager
def _deadline() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise TimedOut(f"no answer within {CALL_SECONDS:g} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, CALL_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def silence() -> Iterator[None]:
    """Drop what student code prints, on standard error and past `sys.stdout` too."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    kept = {stream: os.dup(stream.fileno()) for stream in (sys.__stdout__, sys.__stderr__) if stream}
    for stream in kept:
        stream.flush()
        os.dup2(nowhere, stream.fileno())
    try:
        yield
    finally:
        for stream, before in kept.items():
            stream.flush()
            os.dup2(before, stream.fileno())
            os.close(before)
        os.close(nowhere)


@contextmanager
def scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="handgrad-bench-") as folder:
        yield Path(folder)


def load_unit(path: str) -> Unit:
    return importlib.import_module("autograder.course").load(path)

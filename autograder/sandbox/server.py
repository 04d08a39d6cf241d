"""What runs in a child: it executes one submission, then answers calls of its functions until its pipe closes.

Replies carry values, never verdicts, so nothing here needs to be kept secret from the student, nor trusted by the
grader. Where torch is among the packages, the student's functions get tensors for arrays, and a unit may bring a
driver: a module of ours, executed before the submission, whose functions build small models and call the student's.

Standard library and NumPy only; this file runs where handgrad is not installed.
"""

import ast
import builtins
import contextlib
import functools
import importlib
import opcode
import os
import sys
from collections.abc import Callable
from types import FrameType, ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from autograder.sandbox import protocol, tensors

    Bytes = NDArray[np.uint8]
else:
    import protocol
    import tensors

FORBIDDEN = "{} is the very thing that is asked for here: write it yourself"


class Server:
    """Answers one child's requests: first a submission to load, then calls of its functions."""

    def __init__(self, requests: int, replies: int) -> None:
        self.requests = requests
        self.replies = replies
        self.module = ModuleType("submission")
        self.driver = ModuleType("driver")
        self.filename = "submission.py"
        self.torch: Any = sys.modules.get("torch")  # imported here: an allowed package
        self.unread = bytearray()
        self.unsent: list[bytes] = []

    def serve(self) -> NoReturn:
        answers: dict[str, Callable[..., Any]] = {"load": self.load, "call": self.call}
        while True:
            operation, *content = self.read_frame()
            try:
                reply = protocol.encode(answers[operation](*content))
            except protocol.ProtocolError:
                reply = protocol.encode(protocol.Opaque("value that is too large to send"))
            except BaseException as error:  # SystemExit and KeyboardInterrupt too: they are the student's
                reply = protocol.encode(self.failure(error, sys.exc_info()[2]))
            self.unsent.append(reply)
            if not self.unread:  # answers to requests that came together go together
                self.send()

    def send(self) -> None:
        write_all(self.replies, b"".join(self.unsent))
        self.unsent.clear()

    def read_frame(self) -> Any:
        header, body = protocol.lengths(self.read(protocol.LENGTHS.size))
        content = memoryview(self.read(header + body))
        return protocol.decode(content[:header], content[header:])

    def read(self, count: int) -> bytes:
        """The next `count` bytes of requests."""
        while len(self.unread) < count:
            chunk = os.read(self.requests, 1 << 16)
            if not chunk:
                os._exit(0)  # the grader has closed its end: that is how a child is dismissed
            self.unread += chunk
        data = bytes(memoryview(self.unread)[:count])
        del self.unread[:count]
        return data

    def load(
        self,
        source: "Bytes",
        name: str,
        functions: list[str],
        forbidden: list[str],
        borrows: list[str],
        notebook: bool,
        driver: "Bytes",
    ) -> dict[str, str]:
        """Execute the source as module `name`. What each function turned out to be: "function", "missing" ..."""
        self.lend(borrows)
        exec(compile(driver.tobytes(), "driver.py", "exec", dont_inherit=True), self.driver.__dict__)
        for path in forbidden:
            forbid(path)
        self.module = ModuleType(name)
        self.filename = self.module.__file__ = f"{name}.py"
        sys.modules[name] = self.module
        text = source.tobytes().decode("utf-8", "surrogatepass")  # given bytes, compile would heed a coding cookie
        if notebook:
            self.define(text)
        else:
            exec(compile(text, self.filename, "exec", dont_inherit=True), self.module.__dict__)
        return {function: describe(self.module.__dict__, function) for function in functions}

    def lend(self, functions: list[str]) -> None:
        """Put a module `autograder.given` in place, whose functions ask the grader, one frame a call."""
        given = ModuleType("autograder.given")
        for function in functions:
            setattr(given, function, functools.partial(self.ask, function))
        if functions:
            package = ModuleType("autograder")
            package.__path__ = []
            package.given = given  # type: ignore[attr-defined]
            sys.modules.update({"autograder": package, "autograder.given": given})

    def ask(self, function: str, *arguments: Any, **options: Any) -> Any:
        self.unsent.append(protocol.encode(protocol.Ask(function, list(arguments), options)))
        self.send()
        answer = self.read_frame()
        if isinstance(answer, protocol.Failure):
            raise getattr(builtins, answer.exception)(answer.text)
        return answer

    def define(self, text: str) -> None:
        """Of a notebook's cells execute imports, definitions and assignments: the rest draws and tries things out."""
        for node in ast.parse(text, self.filename).body:
            code = compile(ast.Module([node], []), self.filename, "exec", dont_inherit=True)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                exec(code, self.module.__dict__)
            elif isinstance(node, ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign):
                with contextlib.suppress(Exception):  # a plotting library that is not here, the result of a check ...
                    exec(code, self.module.__dict__)

    def call(self, function: str, arguments: list[Any], options: dict[str, Any]) -> Any:
        passed = [tensors.unpacked(value, self.torch) for value in arguments]
        options = {name: tensors.unpacked(value, self.torch) for name, value in options.items()}
        if self.torch is None:
            return self.module.__dict__[function](*passed, **options)
        self.torch.default_generator.manual_seed(0)
        if function in self.driver.__dict__:
            answer = self.driver.__dict__[function](tensors.Functions(self.module), *passed, **options)
        else:
            answer = self.module.__dict__[function](*passed, **options)
        tensors.expect_unchanged(arguments, passed, self.torch)
        return tensors.packed(answer, self.torch)

    def failure(self, error: BaseException, traceback: TracebackType | None) -> "protocol.Failure":
        line = line_of(error, traceback, self.filename)
        kind = nearest_builtin(error)
        if kind == "NotImplementedError" and not is_raised_in(traceback, self.filename):
            kind = "RuntimeError"  # torch's word for "not for this dtype"; nobody has left a stub
        return protocol.Failure(kind, text_of(error), line, type(error).__name__)


def describe(names: dict[str, Any], function: str) -> str:
    if function not in names:
        return "missing"
    return "function" if callable(names[function]) else type(names[function]).__name__


def forbid(path: str) -> None:
    """Put a function that refuses in the place of the library function at `path` ("numpy.convolve")."""
    module_name, _, attribute = path.rpartition(".")

    def refuse(*_: object, **__: object) -> NoReturn:
        raise RuntimeError(FORBIDDEN.format(path))

    setattr(importlib.import_module(module_name), attribute, refuse)


def nearest_builtin(error: BaseException) -> str:
    return next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins")


def text_of(error: Any) -> str:
    """What the exception says. Its `__str__`, even its `__class__`, may be the student's code and do anything."""
    try:
        text = str(error.msg if issubclass(type(error), SyntaxError) else error)
        return text[: protocol.MAX_TEXT] if type(text) is str else ""
    except BaseException:
        return f"<unprintable {type(error).__name__}>"


def line_of(error: Any, traceback: TracebackType | None, filename: str) -> int | None:
    """The line of the student's own file that cannot be parsed, or that was executing deepest in the traceback."""
    if issubclass(type(error), SyntaxError) and error.filename == filename and type(error.lineno) is int:
        return error.lineno
    line = None
    while traceback is not None:
        frame: FrameType = traceback.tb_frame
        if frame.f_code.co_filename == filename:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def is_raised_in(traceback: TracebackType | None, filename: str) -> bool:
    """Whether an exception comes from a `raise` in that file, and not from a function that it calls."""
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if traceback is None or traceback.tb_frame.f_code.co_filename != filename:
        return False
    return traceback.tb_frame.f_code.co_code[traceback.tb_lasti] == opcode.opmap["RAISE_VARARGS"]


def write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]

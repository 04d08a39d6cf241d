"""What can go wrong, by whose fault: the student's answer, the student's file, or ours.

`StudentError` is everything that a submission can do wrong while it runs; judging catches it and turns it into a
verdict. `SubmissionError` is a file that cannot be graded. `GraderError` is ours: it reaches the person who runs
the grader as one line that says what to do.
"""

from collections.abc import Sequence


class StudentError(Exception):
    """The submission did not give a right answer to one call."""

    kind = "wrong"


class Mismatch(StudentError):
    """An answer came back, and it is wrong.

    `kind` is what is wrong about it ("type", "shape", "dtype", "not finite", "values"), `result` names the result
    ("dx"), `got` and `expected` are what was compared and `index` is the first wrong entry.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: str = "values",
        result: str = "",
        got: object = None,
        expected: object = None,
        index: Sequence[int] | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.result = result
        self.got = got
        self.expected = expected
        self.index = None if index is None else tuple(index)


class Raised(StudentError):
    """The student's code raised `exception` (a built-in type's name) in `line` of their file."""

    kind = "raised"

    def __init__(self, exception: str, text: str, line: int | None = None, shown: str = "") -> None:
        super().__init__(f"{shown or exception}: {text}" if text else shown or exception)
        self.exception = exception
        self.text = text
        self.line = line
        self.shown = shown

    @property
    def not_implemented(self) -> bool:
        return self.exception == "NotImplementedError"


class LoadFailed(Raised):
    """The file could not be executed at all, so that none of its functions exist."""

    kind = "load"


class Missing(StudentError):
    """The file does not define the function."""

    kind = "missing"


class TimedOut(StudentError):
    """No answer before the deadline; the process was killed."""

    kind = "timeout"


class Died(StudentError):
    """The process ended without an answer: `os._exit`, a crash in C, a limit of the sandbox."""

    kind = "died"


class BadReply(StudentError):
    """What came through the pipe is not a value the protocol knows, or is too large."""

    kind = "reply"


class SubmissionError(Exception):
    """The submission cannot be graded: no such file, too large, not UTF-8 ..."""


class GraderError(Exception):
    """The grader cannot do what was asked; the message says what to do next."""


class UsageError(GraderError):
    """What was asked for does not exist or makes no sense."""

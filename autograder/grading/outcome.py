"""From a judgement to a result that people read: verdict, points, message, counterexample."""

from dataclasses import replace
from typing import Protocol

from autograder.errors import BadReply, Died, LoadFailed, Missing, Raised, StudentError, TimedOut
from autograder.judging.counterexample import counterexample
from autograder.judging.credit import SHARE
from autograder.judging.judge import Judgement, is_final
from autograder.model import Check, CheckResult, Diagnosis, Reveal, Student, Unit, Verdict

HIDDEN_WORDS = {
    "values": "the values are wrong",
    "shape": "the shape is wrong",
    "dtype": "the dtype is wrong",
    "type": "the result is not what it should be",
    "not finite": "the result is not finite everywhere",
    "died": "the process ended without an answer",  # no exit code: the student chooses it
}
UNSTEADY = " (alone, in a fresh process, the same call is right: the answer depends on earlier calls, or on chance)"


class Session(Student, Protocol):
    """A student that runs in processes: what grading needs beside calls."""

    spoiled: bool

    def enter(self, group: str, functions: tuple[str, ...]) -> bool: ...

    def begin(self) -> None: ...

    def steady(self) -> bool: ...

    def line(self, number: int | None) -> str: ...


def plain_result(check: Check, verdict: Verdict, earned: float, message: str = "") -> CheckResult:
    """A result without a failure to show."""
    return CheckResult(
        check=check.name,
        summary=check.summary,
        verdict=verdict,
        earned=earned,
        points=check.points,
        message=message,
        hidden=check.hidden,
        bonus=check.bonus,
        advice=check.advice,
    )


def result_of(
    unit: Unit, judgement: Judgement, student: Session, diagnosis: Diagnosis | None, recognised: bool, reveal: Reveal
) -> CheckResult:
    """The result of a check: all that is known, or for a hidden one only what may be told."""
    check = judgement.check
    if judgement.error is None:
        return plain_result(check, Verdict.PASSED, check.points)
    if check.hidden and reveal is not Reveal.ALL:
        shown = diagnosis if reveal is Reveal.DIAGNOSIS else None
        return replace(_hidden_failure(judgement, student, recognised), diagnosis=shown)
    return _failure(unit, judgement, student, diagnosis, recognised)


def _failure(
    unit: Unit, judgement: Judgement, student: Session, diagnosis: Diagnosis | None, recognised: bool
) -> CheckResult:
    assert judgement.smallest is not None
    error, check = judgement.smallest.error, judgement.check
    assert error is not None
    earned, credit = _credit(judgement, student, recognised)
    message = message_of(error, student)
    return replace(
        plain_result(check, verdict_of(error), earned, f"{message}; {credit}" if credit else message),
        line=getattr(error, "line", None),
        counterexample=None if is_final(error) else counterexample(unit, check, judgement.smallest.case, error),
        diagnosis=diagnosis,
    )


def _hidden_failure(judgement: Judgement, student: Session, recognised: bool) -> CheckResult:
    """Of a hidden check only the kind of failure is told, the built-in exception's name, and the student's line."""
    error = judgement.error
    assert error is not None
    earned, _ = _credit(judgement, student, recognised)
    words = HIDDEN_WORDS.get(error.kind, "the result is wrong")
    if isinstance(error, Raised):
        words = "not implemented yet" if error.not_implemented else f"it raised {error.exception}"
        words += f" in line {error.line}" if error.line else ""
    elif isinstance(error, Missing | TimedOut):
        words = str(error)
    return replace(plain_result(judgement.check, verdict_of(error), earned, words), line=getattr(error, "line", None))


def _credit(judgement: Judgement, student: Student, recognised: bool) -> tuple[float, str]:
    """Points for a failed check, and why: see `autograder.judging.credit`."""
    check = judgement.check
    if check.fallback is None or is_final(judgement.error):
        return 0, ""
    why = check.fallback(student, [trial.case for trial in judgement.trials], recognised)
    return (round(check.points * SHARE, 6), f"{why}: {SHARE:.0%} of the points") if why else (0, "")


def message_of(error: StudentError, student: Session) -> str:
    """What went wrong, with the student's own line for an exception."""
    if isinstance(error, LoadFailed):
        return f"the file cannot be executed: {_raised(error, student)}"
    if isinstance(error, Raised):
        return "not implemented yet" if error.not_implemented else _raised(error, student)
    return str(error)


def _raised(error: Raised, student: Session) -> str:
    text = student.line(error.line)
    where = f" in line {error.line}" + (f": {text}" if text else "") if error.line else ""
    return f"{error}{where}"


def verdict_of(error: StudentError) -> Verdict:
    if isinstance(error, Missing) or (isinstance(error, Raised) and error.not_implemented):
        return Verdict.MISSING
    if isinstance(error, TimedOut):
        return Verdict.TIMED_OUT
    return Verdict.CRASHED if isinstance(error, Raised | Died | BadReply) else Verdict.FAILED

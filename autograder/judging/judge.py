"""One check against one submission: replay its cases, and make a failure small."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.errors import BadReply, Died, LoadFailed, Mismatch, Missing, Raised, StudentError, TimedOut
from autograder.judging.cases import draw, shrink
from autograder.model import Check, Student

DEATHS_ALLOWED = 2  # of the process, within one check


@dataclass(frozen=True, slots=True)
class Trial:
    """One case, and what was wrong about the submission's answer; None if nothing."""

    case: Any
    error: StudentError | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of a check: every case tried, and the smallest failure if there is one."""

    check: Check
    trials: tuple[Trial, ...]
    smallest: Trial | None = None

    @property
    def error(self) -> StudentError | None:
        return self.smallest.error if self.smallest else None


def judge(check: Check, student: Student, seed: int, *, smallest: bool = True) -> Judgement:
    """Replay the check's cases for `seed`; after a failure, search for the `smallest`, or take one of those seen.

    There is no search in a process where other functions ran: what fails there is judged again.
    """
    cases = draw(check.given, seed) if check.given else (None,)
    trials = tuple(_replay(check, student, cases))
    failures = [trial for trial in trials if trial.error]
    if not failures:
        return Judgement(check, trials)
    if not smallest or student.spoiled:
        return Judgement(check, trials, min(failures, key=_size))
    return Judgement(check, trials, _smallest(check, student, seed, trials, failures))


def _size(trial: Trial) -> int:
    """How much there is to read in a case."""
    arrays = getattr(trial.case, "arrays", {})
    return sum(array.size for array in arrays.values())


def attempt(check: Check, student: Student, case: Any) -> StudentError | None:
    """What is wrong about the submission's answer for `case`."""
    try:
        with np.errstate(all="ignore"):
            check.test(student, case)
    except StudentError as error:
        return error.with_traceback(None)  # whose frames would keep the student, and all its answers, alive
    except Exception as error:  # an answer so odd that the check stumbles over it is a wrong answer
        return Mismatch(f"the answer cannot be judged ({type(error).__name__}: {error})", kind="type")
    return None


def _replay(check: Check, student: Student, cases: Sequence[Any]) -> list[Trial]:
    """All cases, up to a failure after which it makes no sense, or costs too much, to go on."""
    trials: list[Trial] = []
    deaths = 0
    asks = getattr(check.test, "asks", None)
    if asks:
        student.expect([request for case in cases for request in asks(case)])
    for case in cases:
        trials.append(Trial(case, attempt(check, student, case)))
        error = trials[-1].error
        deaths += isinstance(error, Died | BadReply)
        if is_final(error) or isinstance(error, TimedOut) or deaths >= DEATHS_ALLOWED:
            break
    return trials


def is_final(error: StudentError | None) -> bool:
    """Whether every other case would end the same way: nothing there to call."""
    return isinstance(error, Missing | LoadFailed) or (isinstance(error, Raised) and error.not_implemented)


def _smallest(check: Check, student: Student, seed: int, trials: Sequence[Trial], failures: Sequence[Trial]) -> Trial:
    first = failures[0]
    if check.given is None or is_final(first.error) or isinstance(first.error, TimedOut | Died | BadReply):
        return first  # nothing to make smaller, or too dear to try
    kind = _sort(first.error)
    outcomes = {id(trial.case): trial.error for trial in trials}

    def outcome(case: Any) -> StudentError | None:
        if id(case) not in outcomes:
            outcomes[id(case)] = attempt(check, student, case)
        error = outcomes[id(case)]
        return error if error is not None and _sort(error) == kind else None

    found = shrink(check.given, seed, outcome)
    return Trial(found.case, found.error) if found else first


def _sort(error: StudentError | None) -> tuple[str, str]:
    """Failures of one sort are shrunk as one, so that a small crash does not replace a wrong value."""
    return ("", "") if error is None else (error.kind, getattr(error, "exception", ""))

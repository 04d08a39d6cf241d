"""Hints, one step at a time: which property is broken, which mistake breaks it, which term of the formula to mend."""

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.model import CheckResult, Report, Verdict

TRIED = (Verdict.FAILED, Verdict.CRASHED, Verdict.TIMED_OUT)


@dataclass(frozen=True, slots=True)
class Hint:
    """One step of the hints for one failed check. `key` names the unit, the function and the mistake."""

    key: str
    unit: str
    step: int
    steps: int
    text: str
    hidden: bool = False


def next_hint(report: Report, told: Mapping[str, int]) -> Hint | None:
    """The next step for the first failure that has hints; from the last step on, the last. None if there are none.

    `told` says how many steps were told before, by the hint's key.
    """
    for result in report.results:
        diagnosis = result.diagnosis
        if result.advice or not diagnosis or not diagnosis.hints:
            continue
        key = f"{report.unit}:{_function(result)}:{'+'.join(diagnosis.misconceptions)}"
        steps = len(diagnosis.hints)
        step = min(max(told.get(key, 0), 0) + 1, steps)
        return Hint(key, report.unit, step, steps, diagnosis.hints[step - 1], result.hidden)
    return None


def without_hint(report: Report) -> str:
    """What to say where there is no hint."""
    if report.passed:
        return "nothing is wrong: no hint needed"
    left = [result for result in report.results if not (result.bonus or result.advice)]
    tried = [result for result in left if result.verdict in TRIED]
    missing = [result for result in left if result.verdict is Verdict.MISSING]
    if missing and not tried:
        return f"{_function(missing[0])} is not written yet: its docstring says what it must do"
    of = f" in {_function(tried[0])}" if tried else ""
    return f"no known mistake was recognised{of}; `handgrad check` shows the smallest failing call"


def _function(result: CheckResult) -> str:
    return result.check.split(".")[0]

"""Grading one submission of one unit: every check gets a verdict, always."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from autograder.errors import BadReply, Died, LoadFailed, Missing, Raised, StudentError, TimedOut
from autograder.grading.seeds import Seed
from autograder.judging.counterexample import counterexample
from autograder.judging.credit import SHARE
from autograder.judging.judge import Judgement, attempt, is_final, judge
from autograder.judging.layer_case import LayerCase
from autograder.model import Check, CheckResult, Diagnosis, Report, Student, Unit, Verdict
from autograder.versions import versions

HIDDEN_WORDS = {
    "values": "the values are wrong", "shape": "the shape is wrong", "dtype": "the dtype is wrong",
    "type": "the result is not what it should be", "not finite": "the result is not finite everywhere",
}  # fmt: skip


class Session(Student, Protocol):
    """A student that runs in processes: what grading needs beside calls."""

    spoiled: bool

    def enter(self, group: str) -> None: ...

    def begin(self) -> None: ...

    def line(self, number: int | None) -> str: ...


@dataclass(frozen=True, slots=True)
class Graded:
    """A report, and the times that do not belong in it, by check."""

    report: Report
    seconds: dict[str, float]


def grade_unit(
    unit: Unit,
    student: Session,
    *,
    submission: str,
    seed: Seed,
    sandbox: str,
    hidden: bool = True,
    reveal: bool = False,
) -> Graded:
    """Run the unit's checks on one submission. `reveal` shows hidden checks as if they were not."""
    seconds: dict[str, float] = {}
    results: list[CheckResult] = []
    for check in _in_order(unit.checks):
        if (check.hidden and not hidden) or check.law:
            continue
        started = time.perf_counter()
        if check.advice and not _worth_advice(check, results, unit):
            results.append(_result(check, Verdict.SKIPPED, 0, "not run: see the checks above"))
        else:
            results.append(_graded_check(unit, check, student, seed, reveal))
        seconds[check.name] = time.perf_counter() - started
    results = _with_laws(unit, student, seed, results)
    student.begin()
    report = Report(
        submission=submission,
        unit=unit.path,
        title=unit.title,
        results=tuple(results),
        seed=seed.number,
        sandbox=sandbox,
        versions=versions(),
        output=bytes(getattr(student, "printed", b"")).decode("utf-8", "backslashreplace"),
    )
    return Graded(report, seconds)


def ungradable(unit: Unit, *, submission: str, seed: Seed, sandbox: str, reason: str, verdict: Verdict) -> Graded:
    """The report for a unit of which there is nothing to run."""
    results = tuple(_result(check, verdict, 0, reason) for check in unit.checks if not (check.law or check.advice))
    report = Report(submission, unit.path, unit.title, results, seed.number, sandbox, versions(), notes=(reason,))
    return Graded(report, {})


def _in_order(checks: Sequence[Check]) -> list[Check]:
    """Advice last, once it is known what works."""
    return sorted(checks, key=lambda check: check.advice)


def _worth_advice(check: Check, results: Sequence[CheckResult], unit: Unit) -> bool:
    """Advice on a function that no check has seen working would only repeat what those checks say."""
    by_name = {other.name: other for other in unit.checks}
    working = {
        name for result in results if result.verdict is Verdict.PASSED for name in by_name[result.check].functions
    }
    return set(check.functions) <= working


def _graded_check(unit: Unit, check: Check, student: Session, seed: Seed, reveal: bool) -> CheckResult:
    judgement = _judged(unit, check, student, seed)
    if judgement.smallest is None or judgement.error is None:
        return _result(check, Verdict.PASSED, check.points)
    if check.hidden and not reveal:
        return _failed_hidden(check, judgement, student)
    return _failed(unit, check, judgement, student)


def _judged(unit: Unit, check: Check, student: Session, seed: Seed) -> Judgement:
    """Judge in the running process; a failure counts only if a process of the check's own confirms it."""
    group = check.given.name if check.given else check.name
    student.enter(group)
    judgement = judge(check, student, seed.of(unit.path, group))
    if judgement.smallest is not None and student.spoiled:
        student.begin()
        judgement = judge(check, student, seed.of(unit.path, group))
    return judgement


def _failed(unit: Unit, check: Check, judgement: Judgement, student: Session) -> CheckResult:
    assert judgement.smallest is not None
    assert judgement.error is not None
    error = judgement.error
    earned, credit = _credit(check, judgement, student)
    message = _message(error, student) + _unsteady(check, judgement, student)
    return replace(
        _result(
            check,
            _verdict(error),
            earned,
            message + (f"; {credit}: {SHARE:.0%} of the points" if credit else ""),
        ),
        line=getattr(error, "line", None),
        counterexample=None if is_final(error) else counterexample(unit, check, judgement.smallest.case, error),
    )


def _failed_hidden(check: Check, judgement: Judgement, student: Session) -> CheckResult:
    """Of a hidden check only the kind of failure is told, the built-in exception's name, and the student's line."""
    assert judgement.error is not None
    error = judgement.error
    earned, _ = _credit(check, judgement, student)
    words = HIDDEN_WORDS.get(error.kind, "the result is wrong")
    if isinstance(error, Raised):
        words = f"it raised {error.exception}" + (f" in line {error.line}" if error.line else "")
    elif not isinstance(error, StudentError) or error.kind in ("missing", "timeout", "died", "reply"):
        words = str(error)
    return replace(_result(check, _verdict(error), earned, words), line=getattr(error, "line", None))


def _credit(check: Check, judgement: Judgement, student: Student) -> tuple[float, str]:
    """Points for a failed check, and why: see `autograder.judging.credit`."""
    if check.fallback is None or is_final(judgement.error):
        return 0, ""
    why = check.fallback(student, [trial.case for trial in judgement.trials])
    return (round(check.points * SHARE, 6), why) if why else (0, "")


def _unsteady(check: Check, judgement: Judgement, student: Session) -> str:
    """Words on an answer that is right when the same call is made alone, in a fresh process."""
    case = judgement.smallest.case if judgement.smallest else None
    if not isinstance(case, LayerCase) or isinstance(judgement.error, TimedOut) or is_final(judgement.error):
        return ""
    student.begin()
    if attempt(check, student, case.changed()) is None:
        return " (alone, in a fresh process, the same call is right: the answer depends on earlier calls, or on chance)"
    return ""


def _message(error: StudentError, student: Session) -> str:
    if isinstance(error, LoadFailed):
        return f"the file cannot be executed: {_raised(error, student)}"
    if isinstance(error, Raised):
        return "not implemented yet" if error.not_implemented else _raised(error, student)
    return str(error)


def _raised(error: Raised, student: Session) -> str:
    text = student.line(error.line)
    where = f" in line {error.line}" + (f": {text}" if text else "") if error.line else ""
    return f"{error}{where}"


def _verdict(error: StudentError) -> Verdict:
    if isinstance(error, Missing) or (isinstance(error, Raised) and error.not_implemented):
        return Verdict.MISSING
    if isinstance(error, TimedOut):
        return Verdict.TIMED_OUT
    return Verdict.CRASHED if isinstance(error, Raised | Died | BadReply) else Verdict.FAILED


def _result(check: Check, verdict: Verdict, earned: float, message: str = "") -> CheckResult:
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


def _with_laws(unit: Unit, student: Session, seed: Seed, results: list[CheckResult]) -> list[CheckResult]:
    """Say which laws are broken beside the first visible failure of the functions that they are about."""
    functions = {check.name: check.functions[0] for check in unit.checks}
    wrong = {functions[r.check] for r in results if r.verdict is Verdict.FAILED and not (r.hidden or r.advice)}
    broken: dict[str, list[str]] = {}
    for check in unit.checks:
        if check.law and check.functions[0] in wrong:
            if _judged(unit, check, student, seed).smallest is not None:
                broken.setdefault(check.functions[0], []).append(check.summary)
    return [_add_laws(result, broken.pop(functions[result.check], []) if _shows(result) else []) for result in results]


def _shows(result: CheckResult) -> bool:
    return result.verdict is Verdict.FAILED and not (result.hidden or result.advice)


def _add_laws(result: CheckResult, laws: list[str]) -> CheckResult:
    if not laws:
        return result
    return replace(result, diagnosis=replace(result.diagnosis or Diagnosis(), laws=tuple(laws)))

"""Grading one submission of one unit: every check gets a verdict, always."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from autograder.errors import TimedOut
from autograder.grading.outcome import UNSTEADY, Session, plain_result, result_of
from autograder.grading.seeds import Seed
from autograder.judging.cases import draw
from autograder.judging.diagnosis import Findings, diagnose
from autograder.judging.judge import Judgement, attempt, is_final, judge
from autograder.judging.layer_case import LayerCase
from autograder.model import Check, CheckResult, Diagnosis, Report, Reveal, Unit, Verdict
from autograder.versions import versions


@dataclass(frozen=True, slots=True)
class Graded:
    """A report, and the times that do not belong in it, by check."""

    report: Report
    seconds: dict[str, float]


@dataclass
class _Grading:
    """One submission being graded: judge every check, then explain, then write it down."""

    unit: Unit
    student: Session
    seed: Seed
    reveal: Reveal
    judgements: dict[str, Judgement] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    failed: set[tuple[str, ...]] = field(default_factory=set)  # functions that get a process of their own
    unsteady: set[tuple[str, ...]] = field(default_factory=set)  # those that get one for each group of checks
    replayed: dict[str, bool] = field(default_factory=dict)  # whether a failing call was right when it was made alone

    def judge(self, check: Check) -> None:
        started = time.perf_counter()
        self.judgements[check.name] = self.judged(check)
        self.seconds[check.name] = time.perf_counter() - started

    def judged(self, check: Check) -> Judgement:
        """Judge in the running process; a failure counts only if a process of the functions' own confirms it."""
        group, functions, student = check.given.name if check.given else check.name, check.functions, self.student
        if student.enter(group, functions) and self.is_to_be_alone(check):
            student.begin()
        seed, first = self.seed.of(self.unit.path, group), self.is_first_to_fail(check)
        judgement = judge(check, student, seed, smallest=first)
        if judgement.smallest is None or is_final(judgement.error):
            return judgement
        self.failed.add(functions)
        if student.spoiled:
            student.begin()
            judgement = judge(check, student, seed, smallest=first)
        if judgement.smallest is None:
            self.notes.append(
                f"{functions[0]} was wrong after other calls and right in a fresh process: it keeps something "
                "from one call to the next"
            )
        elif not student.steady():
            self.unsteady.add(functions)
        return judgement

    def is_to_be_alone(self, check: Check) -> bool:
        """Whether a group of checks gets a fresh process: of functions that have failed elsewhere, that are not steady,
        or that could tell from the questions asked so far which hidden group they have failed."""
        functions = check.functions
        return functions in self.unsteady or (functions in self.failed and (self.student.spoiled or check.hidden))

    def breaks(self, check: Check) -> bool:
        """Whether a law does not hold; one case is enough."""
        group = check.given.name if check.given else check.name
        self.student.enter(group, check.functions)
        if self.student.spoiled:
            self.student.begin()
        cases = draw(check.given, self.seed.of(self.unit.path, group)) if check.given else (None,)
        return any(attempt(check, self.student, case) for case in cases)

    def is_first_to_fail(self, check: Check) -> bool:
        """Whether no check of the same result has failed before: one failure is made small, the others are like it."""
        if check.law or (check.hidden and self.reveal is not Reveal.ALL):
            return False
        alike = [j for j in self.judgements.values() if j.check.functions == check.functions]
        return not any(j.error for j in alike if j.check.result == check.result and not j.check.hidden)

    def explain(self) -> Findings:
        """What is wrong, when and where, from everything that was judged."""
        started = time.perf_counter()
        judgements = [j for j in self.judgements.values() if not (j.check.advice or j.check.law)]
        findings = Findings()
        if any(judgement.error for judgement in judgements):
            if self.unsteady:
                self.student.begin()
            findings = diagnose(self.unit, judgements, self.student, self.seed.of(self.unit.path, "diagnosis"))
        self.seconds["diagnosis"] = time.perf_counter() - started
        return findings

    def result(self, check: Check, findings: Findings) -> CheckResult:
        judgement = self.judgements.get(check.name)
        if judgement is None:
            return plain_result(check, Verdict.SKIPPED, 0, "not run: see the checks above")
        forward = check.functions[0].replace("_backward", "_forward")
        recognised = forward in findings.recognised
        if check.fallback and not self.has_failed_forward(check, forward):
            judgement = replace(judgement, check=replace(check, fallback=None))
        result = result_of(self.unit, judgement, self.student, findings.of(check), recognised, self.reveal)
        if result.counterexample and self.replayed.pop(check.functions[0], False):
            return replace(result, message=result.message + UNSTEADY)
        return result

    def has_failed_forward(self, check: Check, forward: str) -> bool:
        """Whether the forward pass has lost checks of the same stratum (or any, if it has no such stratum).

        Else a forward that was right as long as it was judged could turn wrong afterwards, to suit the backward pass.
        """
        own = [each for each in self.judgements.values() if each.check.functions[0] == forward]
        twins = [each for each in own if each.check.name.split(".")[-1] == check.name.split(".")[-1]]
        return any(each.error for each in twins or own)

    def replay(self) -> None:
        """Make the first failing call of each function once more, in a fresh process."""
        self.student.begin()
        for judgement in self.judgements.values():
            function, smallest = judgement.check.functions[0], judgement.smallest
            if smallest is None or function in self.replayed or not self.is_shown(judgement):
                continue
            right = attempt(judgement.check, self.student, smallest.case) is None
            if right and self.replayed:  # not alone yet
                self.student.begin()
                right = attempt(judgement.check, self.student, smallest.case) is None
            self.replayed[function] = right

    def is_shown(self, judgement: Judgement) -> bool:
        """Whether it has a case to show, and to replay."""
        if judgement.smallest is None or not isinstance(judgement.smallest.case, LayerCase):
            return False
        hidden = judgement.check.hidden and self.reveal is not Reveal.ALL
        return not (hidden or isinstance(judgement.error, TimedOut) or is_final(judgement.error))

    def broken_laws(self, results: Sequence[CheckResult]) -> dict[str, list[str]]:
        """Laws that the functions with visible failures break, by function."""
        functions = {check.name: check.functions[0] for check in self.unit.checks}
        wrong = {functions[result.check] for result in results if _shows(result)}
        broken: dict[str, list[str]] = {}
        for check in self.unit.checks:
            if check.law and check.functions[0] in wrong and self.breaks(check):
                broken.setdefault(check.functions[0], []).append(check.summary)
        return broken


def grade_unit(
    unit: Unit,
    student: Session,
    *,
    submission: str,
    seed: Seed,
    sandbox: str,
    hidden: bool = True,
    reveal: Reveal = Reveal.KIND,
) -> Graded:
    """Run the unit's checks on one submission. `reveal` says how much to tell of hidden checks."""
    grading = _Grading(unit, student, seed, reveal)
    checks = [check for check in unit.checks if not check.law and (hidden or not check.hidden)]
    for check in sorted(checks, key=lambda check: check.hidden):  # from the first hidden one on, no print is kept
        if not check.advice:
            grading.judge(check)
    for check in checks:
        if check.advice and set(check.functions) <= _working(grading):
            grading.judge(check)
    grading.replay()
    findings = grading.explain()  # in the same process, which has called little so far
    results = [grading.result(check, findings) for check in sorted(checks, key=lambda check: check.advice)]
    results = _with_laws(results, grading)
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
        notes=tuple(dict.fromkeys(grading.notes)),
    )
    return Graded(report, grading.seconds)


def ungradable(unit: Unit, *, submission: str, seed: Seed, sandbox: str, reason: str, verdict: Verdict) -> Graded:
    """The report for a unit of which there is nothing to run."""
    checks = [check for check in unit.checks if not (check.law or check.advice)]
    results = tuple(plain_result(check, verdict, 0, reason) for check in checks)
    report = Report(submission, unit.path, unit.title, results, seed.number, sandbox, versions(), notes=(reason,))
    return Graded(report, {})


def _working(grading: _Grading) -> set[str]:
    """Functions that some check has seen working: advice on others would only repeat what those checks say."""
    passed = [judgement for judgement in grading.judgements.values() if judgement.error is None]
    return {name for judgement in passed for name in judgement.check.functions}


def _with_laws(results: list[CheckResult], grading: _Grading) -> list[CheckResult]:
    """Say which laws are broken beside the first visible failure of the functions that they are about."""
    broken = grading.broken_laws(results)
    functions = {check.name: check.functions[0] for check in grading.unit.checks}
    return [_add_laws(r, broken.pop(functions[r.check], []) if _shows(r) else []) for r in results]


def _shows(result: CheckResult) -> bool:
    return result.verdict is Verdict.FAILED and not (result.hidden or result.advice)


def _add_laws(result: CheckResult, laws: list[str]) -> CheckResult:
    if not laws:
        return result
    return replace(result, diagnosis=replace(result.diagnosis or Diagnosis(), laws=tuple(laws)))

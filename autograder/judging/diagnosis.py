"""What is wrong, when and where: put together from the evidence, and only where it is certain.

A name is given only to a mistake whose wrong model ends exactly as the submission did in every case, right and wrong
ones. If two are left, cases are drawn on which they differ; if that does not settle it, both are said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from autograder.errors import Mismatch, StudentError
from autograder.judging.agreement import named, part
from autograder.judging.conditions import separating
from autograder.judging.evidence import Evidence, gather
from autograder.judging.judge import Judgement
from autograder.judging.layer_case import LayerCase
from autograder.judging.slices import where
from autograder.judging.transforms import explain
from autograder.judging.wrong_models import call_of, matching, reference, reproduces, same
from autograder.model import Check, Diagnosis, Misconception, Student, Unit

AT_MOST = 2  # misconceptions that are said side by side


@dataclass
class Findings:
    """The diagnoses of one submission of a unit, by function and result."""

    by_result: dict[tuple[str, str], Diagnosis] = field(default_factory=dict)

    def of(self, check: Check) -> Diagnosis | None:
        return self.by_result.get((check.functions[0], check.result))

    @property
    def recognised(self) -> set[str]:
        """Functions whose mistake has a name."""
        return {function for (function, _), diagnosis in self.by_result.items() if diagnosis.misconceptions}


def diagnose(unit: Unit, judgements: Sequence[Judgement], student: Student, seed: int) -> Findings:
    """Explain each wrong result of the unit's functions; `seed` is for cases beyond those of the checks."""
    found = gather(judgements)
    wrong = [evidence for evidence in found if evidence.conclusive]
    findings = Findings()
    with np.errstate(all="ignore"):
        for evidence in wrong:
            known = _named(unit, evidence, found, student, seed)
            what = _what(known) or explain(evidence) or _ignored(evidence, student)
            when = _when(evidence, student, seed)
            findings.by_result[evidence.function, evidence.result] = Diagnosis(
                what=what,
                when=when,
                where=where(evidence),
                misconceptions=tuple(mistake.name for mistake in known),
                hints=_hints(evidence, when, known),
            )
    return findings


def _named(
    unit: Unit, evidence: Evidence, found: Sequence[Evidence], student: Student, seed: int
) -> list[Misconception]:
    """The misconceptions that give this result in every case, and harm no result that is right."""
    siblings = [other for other in found if other.function == evidence.function and other is not evidence]
    candidates = [
        known
        for known in matching(unit.misconceptions, evidence)
        if all(_harmless(known, other) for other in siblings if not other.failing)
    ]
    if len(candidates) > 1:
        explaining = [known for known in candidates if all(_agrees(known, other) for other in siblings)]
        candidates = _told_apart(explaining or candidates, evidence, student, seed)
    return candidates if len(candidates) <= AT_MOST else []


def _harmless(known: Misconception, other: Evidence) -> bool:
    return all(reproduces(known, other.function, other.result, trial.case, None) for trial in other.passing)


def _agrees(known: Misconception, other: Evidence) -> bool:
    """Whether it explains the other result too."""
    return all(reproduces(known, other.function, other.result, t.case, t.error) for t in other.trials)


def _told_apart(
    candidates: list[Misconception], evidence: Evidence, student: Student, seed: int
) -> list[Misconception]:
    """Draw further cases until those who are left cannot be told apart."""
    for trial in evidence.more(student, seed):
        candidates = [
            known
            for known in candidates
            if reproduces(known, evidence.function, evidence.result, trial.case, trial.error)
        ]
        if len(candidates) <= 1:
            break
    return candidates


def _what(known: Sequence[Misconception]) -> str:
    return " Or: ".join(mistake.mistake for mistake in known)


def _when(evidence: Evidence, student: Student, seed: int) -> str:
    """The condition under which it fails, with at least as many passing as failing cases behind it."""
    condition = separating(*_cases(evidence))
    if condition and len(evidence.passing) < len(evidence.failing):
        for _ in evidence.more(student, seed, condition.fails_on):
            if len(evidence.passing) >= len(evidence.failing):
                break
        condition = separating(*_cases(evidence))
    enough = len(evidence.passing) >= len(evidence.failing)
    return str(condition) if condition and enough else ""


def _cases(evidence: Evidence) -> tuple[list[LayerCase], list[LayerCase]]:
    return [trial.case for trial in evidence.failing], [trial.case for trial in evidence.passing]


def _ignored(evidence: Evidence, student: Student) -> str:
    """An argument without effect: the right result changes with it, the student's does not."""
    case = evidence.largest_failing()[0].case
    result = evidence.result
    try:
        before = _answer(evidence, case, student)
        for name, array in case.arrays.items():
            if array.size == 0 or array.dtype.kind != "f":  # another label may be none
                continue
            other = case.changed(**{name: np.roll(array, 1) + array.flat[0]})
            moves = not same(reference(other, result), reference(case, result), case, result)
            if before.size and moves and np.array_equal(before, _answer(evidence, other, student)):
                return f"{result} does not change when {name} does"
    except StudentError:
        pass
    return ""


def _answer(evidence: Evidence, case: LayerCase, student: Student) -> NDArray[np.float64]:
    """The student's result on a case; `Mismatch` if it is not an array."""
    signature, request = call_of(case, evidence.function)
    answer = part(named(student.ask(request), signature, case.options), evidence.result)
    if not isinstance(answer, np.ndarray):
        raise Mismatch("not an array")
    return answer


def _hints(evidence: Evidence, when: str, known: Sequence[Misconception]) -> tuple[str, ...]:
    """Three steps: which property is broken, which mistake does that, which term of the formula to look at."""
    if not known:
        return ()
    property_ = f"{evidence.result} of {evidence.function} is wrong" + (f" {when}." if when else ".")
    return (property_, _what(known), " Or: ".join(mistake.hint for mistake in known))

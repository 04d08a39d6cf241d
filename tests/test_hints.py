"""Hints: one step at a time, for the first mistake that was recognised."""

from dataclasses import replace

import pytest

from autograder.hints import next_hint, without_hint
from autograder.model import CheckResult, Diagnosis, Report, Verdict

STEPS = ("a property is broken", "a mistake breaks it", "look at this term")
MISTAKE = Diagnosis(what="You flip.", misconceptions=("flipped",), hints=STEPS)
FAILED = CheckResult("conv2d_forward.values", "", Verdict.FAILED, 0, 2, diagnosis=MISTAKE)
PASSED = CheckResult("pad2d.values", "", Verdict.PASSED, 2, 2)
KEY = "convolution/conv2d:conv2d_forward:flipped"


def report(*results: CheckResult) -> Report:
    return Report("ada", "convolution/conv2d", "", results, 0, "none")


@pytest.mark.parametrize(("told", "step"), [(0, 1), (1, 2), (2, 3), (3, 3), (10**9, 3), (-7, 1)])
def test_three_steps_and_then_the_last(told: int, step: int) -> None:
    hint = next_hint(report(PASSED, FAILED), {KEY: told})
    assert hint
    assert (hint.key, hint.unit, hint.step, hint.steps) == (KEY, "convolution/conv2d", step, 3)
    assert hint.text == STEPS[step - 1]


def test_nothing_to_say() -> None:
    unknown = replace(FAILED, diagnosis=None)
    unexplained = replace(FAILED, diagnosis=Diagnosis(when="stride > 1"))
    advice = replace(FAILED, advice=True)
    assert next_hint(report(PASSED, unknown, unexplained, advice), {}) is None
    assert without_hint(report(PASSED)) == "nothing is wrong: no hint needed"
    assert without_hint(report(unknown)).startswith("no known mistake was recognised in conv2d_forward; ")
    missing = replace(unknown, verdict=Verdict.MISSING)
    assert without_hint(report(replace(missing, bonus=True), missing)).startswith("conv2d_forward is not written yet")
    assert "recognised in conv2d_forward" in without_hint(report(replace(missing, check="pad2d.zeros"), unknown))


def test_every_mistake_function_and_unit_starts_at_the_first_step() -> None:
    others = [
        report(replace(FAILED, diagnosis=replace(MISTAKE, misconceptions=("other",)))),
        report(replace(FAILED, check="conv2d_backward.dx")),
        replace(report(FAILED), unit="convnets/pooling"),
    ]
    hints = [next_hint(other, {KEY: 2}) for other in others]
    assert [hint.step for hint in hints if hint] == [1, 1, 1]
    same = next_hint(report(replace(FAILED, check="conv2d_forward.float32")), {KEY: 2})
    assert same
    assert same.step == 3

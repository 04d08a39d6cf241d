"""One check against one submission: which cases run, when to stop, and which failure is kept."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from students import LocalStudent, failing_checks, solution

from autograder.course import load
from autograder.errors import Died, LoadFailed, Mismatch, Missing, Raised, StudentError, TimedOut
from autograder.judging.cases import Cases, draw
from autograder.judging.judge import DEATHS_ALLOWED, attempt, is_final, judge
from autograder.model import Check, Request, Student

NUMBERS = Cases("numbers", st.integers(0, 1000), edges=(2000,), count=12)
COUNT = len(draw(NUMBERS, 1))


def doubles(student: Student, case: int) -> None:
    answer = student.ask(REQUESTS.setdefault(case, Request("double", (case,))))
    if answer != 2 * case:
        raise Mismatch(f"{answer} is not {2 * case}")


REQUESTS: dict[int, Request] = {}
DOUBLES = Check("double", "double doubles", doubles, ("double",), given=NUMBERS, points=1)


def student(function: Callable[[int], Any] | None) -> LocalStudent:
    return LocalStudent({"double": function} if function else {})


def fails_with(error: Exception, above: int = -1) -> LocalStudent:
    def double(number: int) -> int:
        if number > above:
            raise error
        return 2 * number

    return student(double)


def test_a_right_answer_is_asked_for_every_case_once() -> None:
    right = student(lambda number: 2 * number)
    judgement = judge(DOUBLES, right, 1)
    assert (judgement.error, judgement.smallest, len(judgement.trials)) == (None, None, COUNT)
    assert [request.arguments[0] for request in right.asked] == list(draw(NUMBERS, 1))


def test_a_wrong_answer_does_not_stop_the_others_and_is_made_small() -> None:
    judgement = judge(DOUBLES, student(lambda number: 2 * number + (number > 17)), 1)
    assert len(judgement.trials) == COUNT
    assert judgement.smallest is not None
    assert judgement.smallest.case == 18
    assert str(judgement.error) == "37 is not 36"


def test_smallest_may_be_left_out() -> None:
    wrong = student(lambda number: 2 * number + (number > 17))
    judgement = judge(DOUBLES, wrong, 1, smallest=False)
    assert judgement.smallest in judgement.trials
    assert len(wrong.asked) == COUNT


@pytest.mark.parametrize("error", [Missing("none"), LoadFailed("SyntaxError", ""), Raised("NotImplementedError", "")])
def test_it_stops_where_nothing_is_there_to_call(error: StudentError) -> None:
    broken = fails_with(error)
    judgement = judge(DOUBLES, broken, 1)
    assert is_final(judgement.error)
    assert len(judgement.trials) == len(broken.asked) == 1


def test_a_function_that_is_not_defined_is_not_called() -> None:
    absent = student(None)
    assert isinstance(judge(DOUBLES, absent, 1).error, Missing)
    assert absent.asked == []


def test_it_stops_after_a_timeout_and_makes_nothing_smaller() -> None:
    slow = fails_with(TimedOut("slow"), above=500)
    judgement = judge(DOUBLES, slow, 1)
    assert isinstance(judgement.error, TimedOut)
    assert judgement.trials[-1].error is judgement.error
    assert [trial.error for trial in judgement.trials[:-1]] == [None] * (len(slow.asked) - 1)


def test_it_stops_after_a_few_deaths() -> None:
    dying = fails_with(Died("gone"))
    judgement = judge(DOUBLES, dying, 1)
    assert isinstance(judgement.error, Died)
    assert len(judgement.trials) == len(dying.asked) == DEATHS_ALLOWED


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (Missing(""), True), (LoadFailed("NameError", ""), True), (Raised("NotImplementedError", ""), True),
        (None, False), (Raised("ValueError", ""), False), (Died(""), False), (TimedOut(""), False),
        (Mismatch(""), False),
    ],
)  # fmt: skip
def test_what_is_final(error: StudentError | None, final: bool) -> None:
    assert is_final(error) == final


def test_an_exception_is_made_small_as_the_same_exception() -> None:
    def double(number: int) -> int:
        if number > 30:
            raise ValueError(f"{number} is too large")
        if number > 5:
            raise KeyError(number)
        return 2 * number

    judgement = judge(DOUBLES, student(double), 1)
    first = next(trial.error for trial in judgement.trials if trial.error)
    assert isinstance(first, Raised)
    assert isinstance(judgement.error, Raised)
    assert judgement.error.exception == first.exception == "ValueError"
    assert judgement.smallest is not None
    assert judgement.smallest.case == 31


def test_a_check_that_stumbles_over_an_answer_calls_it_wrong() -> None:
    error = attempt(DOUBLES, student(lambda number: np.zeros(3)), 1)
    assert isinstance(error, Mismatch)
    assert (error.kind, "cannot be judged (ValueError" in str(error)) == ("type", True)


def test_a_check_without_cases_runs_once_on_none() -> None:
    seen: list[Any] = []
    once = Check("once", "runs once", lambda student, case: seen.append(case), ("double",))
    assert judge(once, student(None), 1).error is None
    assert seen == [None]


def spoiled(which: int) -> Callable[..., Any]:
    def backward(*arguments: Any, **options: Any) -> tuple[Any, ...]:
        answers = list(solution("convolution/conv2d")["conv2d_backward"](*arguments, **options))
        answers[which] = answers[which] + 1
        return tuple(answers)

    return backward


@pytest.mark.parametrize(("which", "result"), [(0, "dx"), (1, "dw"), (2, "db")])
def test_one_wrong_gradient_fails_its_own_checks_only(which: int, result: str) -> None:
    unit = load("convolution/conv2d")
    failed = failing_checks(unit, solution(unit.path) | {"conv2d_backward": spoiled(which)})
    assert [check.name for check in failed] == [
        check.name for check in unit.checks if check.points and check.result == result
    ]
    assert failed


@pytest.mark.parametrize("path", ["convolution/conv2d", "convnets/pooling", "recurrence/rnn"])
def test_one_broken_function_fails_its_own_checks_only(path: str) -> None:
    unit = load(path)
    for function in unit.functions:
        failed = failing_checks(unit, solution(path) | {function: lambda *arguments, **options: None})
        assert failed == [check for check in unit.checks if check.points and check.functions[0] == function]

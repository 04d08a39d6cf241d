"""Functions lent to a submission: `from autograder.given import ...` inside, answered by the grader."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from autograder.errors import Raised
from autograder.model import Check, Limits, Unit
from autograder.sandbox import plain
from autograder.sandbox.process import Sandbox, Worker
from autograder.sandbox.student import SandboxedStudent

SOURCE = """
import numpy as np
from autograder.given import double, pair

def use(x, n):
    for _ in range(n):
        x = double(x, times=2)
        x += 0.0  # what comes back is the submission's own, to change as it likes
    return x

def both(x):
    first, second = pair(x)
    return first + second

def fail(x):
    try:
        return double("no array")
    except ValueError as error:
        return str(error)

def more():
    import autograder.given
    return [name for name in dir(autograder.given) if not name.startswith("_")]

def other():
    from autograder.given import secret
"""
FUNCTIONS = ("use", "both", "fail", "more", "other")


def lend(function: str, arguments: list[Any], options: dict[str, Any]) -> Any:
    [x] = arguments
    if not isinstance(x, np.ndarray):
        raise ValueError("double takes an array")
    return (x, 2 * x) if function == "pair" else x * options["times"]


@pytest.fixture
def student() -> Iterator[SandboxedStudent]:
    check = Check("c", "", lambda student, case: None, FUNCTIONS)
    unit = Unit("a/b", "", (check,), borrows=("double", "pair"), limits=Limits(call_seconds=5))
    worker = Worker(Sandbox(plain.launch(unit.allowed_packages, unit.limits)), own=True)
    yield SandboxedStudent(worker, unit, SOURCE, given=lend)
    worker.close()


def test_lent_functions_answer_within_a_call(student: SandboxedStudent) -> None:
    assert np.array_equal(student.call("use", np.ones(3), 5), np.full(3, 32.0))


def test_several_results_come_back_as_a_tuple(student: SandboxedStudent) -> None:
    assert np.array_equal(student.call("both", np.ones(2)), np.full(2, 3.0))


def test_what_the_function_refuses_reaches_the_submission_as_an_exception(student: SandboxedStudent) -> None:
    assert student.call("fail", np.ones(2)) == "double takes an array"


def test_only_what_the_unit_borrows_is_there(student: SandboxedStudent) -> None:
    assert student.call("more") == ["double", "pair"]
    with pytest.raises(Raised, match="cannot import name 'secret'"):
        student.call("other")


def test_a_forged_request_for_another_function_is_refused() -> None:
    check = Check("c", "", lambda student, case: None, ("f",))
    unit = Unit("a/b", "", (check,), borrows=("double",), limits=Limits(call_seconds=5))
    source = "import autograder.given\ndef f(x):\n    return autograder.given.double.func('eval', '1 + 1')\n"
    worker = Worker(Sandbox(plain.launch(unit.allowed_packages, unit.limits)), own=True)
    try:
        with pytest.raises(Raised, match="eval is not given here"):
            SandboxedStudent(worker, unit, source, given=lend).call("f", 1)
    finally:
        worker.close()

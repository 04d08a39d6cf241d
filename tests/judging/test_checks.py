"""Checks and laws as decorators: what they read off a function."""

import pytest
from students import LocalStudent

from autograder.errors import Mismatch
from autograder.judging.checks import check, law
from autograder.judging.judge import attempt
from autograder.model import Student
from autograder.units.convolution.conv2d import BATCH, CONV2D, PLAIN


def test_a_check_takes_its_name_and_its_line_from_the_function() -> None:
    @check("relu_forward", "relu_backward", points=2, hidden=True)
    def _keeps_positive_numbers(student: Student, case: None) -> None:
        """relu_forward leaves
        positive numbers alone."""

    made = _keeps_positive_numbers
    assert made.name == "relu_forward.keeps-positive-numbers"
    assert made.summary == "relu_forward leaves positive numbers alone."
    assert made.functions == ("relu_forward", "relu_backward")
    assert (made.points, made.hidden, made.bonus, made.law, made.advice) == (2, True, False, False, False)
    assert made.given is None


def test_a_check_runs_the_function() -> None:
    @check("one")
    def is_one(student: Student, case: None) -> None:
        """one() is 1."""
        if student.call("one") != 1:
            raise Mismatch("one() is not 1")

    assert attempt(is_one, LocalStudent({"one": lambda: 1}), None) is None
    assert str(attempt(is_one, LocalStudent({"one": lambda: 2}), None)) == "one() is not 1"


def test_a_law_carries_no_points_and_has_cases_of_its_own() -> None:
    @law(CONV2D, BATCH)
    def additive(student: Student, case: object) -> None:
        """Sums go in, sums come out."""

    assert (additive.name, additive.points, additive.law) == ("conv2d_forward.additive", 0, True)
    assert additive.functions == ("conv2d_forward",)
    assert additive.given is not None
    assert additive.given.name == "conv2d_forward.law.additive.batch"


def test_a_law_may_be_about_other_functions() -> None:
    @law(CONV2D, PLAIN, functions=("conv2d_backward", "conv2d_forward"))
    def adjoint(student: Student, case: object) -> None:
        """Backward is the transpose of forward."""

    assert adjoint.functions == ("conv2d_backward", "conv2d_forward")


@pytest.mark.parametrize("decorator", [check("f"), law(CONV2D, PLAIN)])
def test_a_function_without_a_docstring_is_refused(decorator: object) -> None:
    def silent(student: Student, case: object) -> None: ...

    with pytest.raises(ValueError, match="silent needs a docstring"):
        decorator(silent)  # type: ignore[operator]

"""Free-form checks and laws: a function of the student and a case, whose docstring is the line that people see."""

from collections.abc import Callable
from typing import Any

from autograder.judging.cases import Cases
from autograder.judging.layers import Layer, Stratum
from autograder.model import Check, Student

Test = Callable[[Student, Any], None]


def check(
    *functions: str, given: Cases | None = None, points: float = 0, hidden: bool = False, bonus: bool = False
) -> Callable[[Test], Check]:
    """Make a function that raises `Mismatch` into a check of the student's `functions`.

    >>> @check("relu_forward", points=2)
    ... def keeps_positive_numbers(student, case):
    ...     \"\"\"relu_forward leaves positive numbers alone.\"\"\"
    >>> keeps_positive_numbers.name, keeps_positive_numbers.points
    ('relu_forward.keeps-positive-numbers', 2)
    """

    def decorate(test: Test) -> Check:
        return Check(
            name=f"{functions[0]}.{_slug(test)}",
            summary=_docstring(test),
            test=test,
            functions=functions,
            given=given,
            points=points,
            hidden=hidden,
            bonus=bonus,
        )

    return decorate


def law(layer: Layer, stratum: Stratum, *, functions: tuple[str, ...] = ()) -> Callable[[Test], Check]:
    """Make a function into a law: no points, run when a check of the same functions failed, to say what is broken."""

    def decorate(test: Test) -> Check:
        return Check(
            name=f"{layer.forward.function}.{_slug(test)}",
            summary=_docstring(test),
            test=test,
            functions=functions or (layer.forward.function,),
            given=layer.cases(stratum, f"law.{_slug(test)}", count=4),
            law=True,
        )

    return decorate


def _slug(test: Test) -> str:
    return test.__name__.strip("_").replace("_", "-")


def _docstring(test: Test) -> str:
    if not test.__doc__:
        raise ValueError(f"{test.__name__} needs a docstring: it is the line that people see")
    return " ".join(test.__doc__.split())

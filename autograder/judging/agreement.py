"""Agreement with the reference: the answer's form first, then its values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.errors import Mismatch
from autograder.judging.compare import compare, describe
from autograder.judging.kinds import BoundFunction
from autograder.judging.layer_case import LayerCase
from autograder.judging.signature import Signature, spread, written_call
from autograder.model import Request, Student


@dataclass(frozen=True, slots=True)
class OutputAgrees:
    """The forward pass returns what the reference returns."""

    result: str

    def asks(self, case: LayerCase) -> tuple[Request, ...]:
        return (case.forward_request,)

    def __call__(self, student: Student, case: LayerCase) -> None:
        outputs = named(student.ask(case.forward_request), case.layer.forward, case.passed)
        call = written_call(case.layer.forward, case.passed)
        bounds = case.kind.bound, case.kind.second_bound
        expected = case.expected[self.result]
        _within(self.result, self.result, part(outputs, self.result), expected, case, bounds, call)


@dataclass(frozen=True, slots=True)
class GradientAgrees:
    """The backward pass returns the reference's gradient."""

    result: str

    def asks(self, case: LayerCase) -> tuple[Request, ...]:
        return (case.backward_request,)

    def __call__(self, student: Student, case: LayerCase) -> None:
        assert case.layer.backward is not None
        gradients = named(student.ask(case.backward_request), case.layer.backward, case.passed)
        name = self.result.removeprefix("d")
        call = written_call(case.layer.backward, case.passed)
        bounds = case.kind.gradient_bound, case.kind.second_gradient_bound
        _within(self.result, name, gradients[self.result], case.gradients[name], case, bounds, call)


def forward_agrees(student: Student, case: LayerCase) -> None:
    """The forward pass returns what the reference returns, in all its results."""
    for result in case.layer.forward.results:
        OutputAgrees(result)(student, case)


def _within(
    result: str,
    name: str,
    got: Any,
    expected: Any,
    case: LayerCase,
    bounds: tuple[BoundFunction, BoundFunction | None],
    call: str,
) -> None:
    """Within the first bound, or, for values only, within the second."""
    first, second = bounds
    try:
        compare(result, got, expected, first(case, name), call)
    except Mismatch as mismatch:
        if second is None or mismatch.kind != "values":
            raise
        compare(result, got, expected, second(case, name), call)


def named(value: Any, signature: Signature, options: Mapping[str, Any]) -> dict[str, Any]:
    """What a function returned, by the names of its results; `Mismatch` if their number is wrong."""
    names = signature.results
    if len(names) == 1:
        return spread({names[0]: value})
    if not isinstance(value, tuple | list) or len(value) != len(names):
        wanted = f"{len(names)} results: {', '.join(names)}"
        text = f"{signature.function} returns {describe(value)}, but should return {wanted}"
        raise Mismatch(f"{text}  [{written_call(signature, options)}]", kind="type", result=", ".join(names), got=value)
    return spread(dict(zip(names, value, strict=True)))


def part(outputs: Mapping[str, Any], result: str) -> Any:
    """A result, or one of the arrays in it ("grads.w1"); `Mismatch` if it is not there."""
    if result in outputs:
        return outputs[result]
    whole, _, key = result.partition(".")
    found = outputs[whole]
    what = f"has no {key!r}" if isinstance(found, dict) else f"is {describe(found)}, but should be a dict"
    raise Mismatch(f"{whole} {what}", kind="type", result=result, got=found)

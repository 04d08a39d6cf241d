"""Part of the points for a gradient that is right for the student's own, wrong, forward pass.

A backward pass that is consistent with a wrong forward is a right answer to another question: it earns 60 % of its
points, if that forward is a real attempt. Zeros in, zeros out must earn nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.errors import StudentError
from autograder.judging.agreement import forward_agrees, named
from autograder.judging.compare import expect_array
from autograder.judging.gradients import directional_check
from autograder.judging.layer_case import LayerCase
from autograder.model import Request, Student

SHARE = 0.6
ENOUGH = 3  # cases on which the gradient is held against the student's forward
ATTEMPT = 0.25  # of its cases that the wrong forward must get right to count as one


def own_forward_credit(wrt: str) -> Callable[[Student, Sequence[LayerCase], bool], str]:
    """A fallback for the gradient of `wrt`: why it earns a share, or an empty string.

    The wrong forward must be right on a quarter of the cases, or be a misconception that was `recognised`.
    """

    def fallback(student: Student, cases: Sequence[LayerCase], recognised: bool) -> str:
        student.expect([case.forward_request for case in cases])
        outcomes = [_forward_is_right(student, case) for case in cases]
        if all(outcomes) or not (recognised or sum(outcomes) >= ATTEMPT * len(outcomes)):
            return ""
        try:
            with np.errstate(all="ignore"):
                student.expect([request for case in cases[:ENOUGH] for request in _asked(case, wrt)])
                for case in cases[:ENOUGH]:
                    _consistent(student, case, wrt)
        except StudentError:
            return ""
        return f"d{wrt} is the gradient of your own forward pass, which is wrong itself"

    return fallback


def _forward_is_right(student: Student, case: LayerCase) -> bool:
    try:
        forward_agrees(student, case)
    except StudentError:
        return False
    return True


def _asked(case: LayerCase, wrt: str) -> list[Request]:
    """What was asked about a case before: directions are drawn alike for everyone, so it will be asked again."""
    return case.kept.setdefault(("credit", wrt), [])  # type: ignore[no-any-return]


def _same_as_before(case: LayerCase, wrt: str, request: Request) -> Request:
    """The request that was made of an earlier submission; `request` itself if it holds what this one answered."""
    signature = case.layer.backward
    if signature is None or not set(signature.parameters).isdisjoint(case.layer.forward.results):
        return request
    asked = _asked(case, wrt)
    for before in asked:
        if before.function == request.function and all(map(_same, before.arguments, request.arguments)):
            return before
    asked.append(request)
    return request


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.shape == other.shape and one.tobytes() == other.tobytes()
    return one is other or (type(one) is type(other) and not isinstance(one, np.ndarray) and one == other)


def _consistent(student: Student, case: LayerCase, wrt: str) -> None:
    """Raise unless the submission's backward is the derivative of its own forward, which must move with `wrt`."""
    layer = case.layer
    assert layer.backward is not None
    backward_signature = layer.backward
    outputs: dict[str, Any] = {}

    def forward(arrays: Mapping[str, Any]) -> dict[str, Any]:
        nonlocal outputs
        request = case.forward_request
        if arrays is not case.arrays:
            request = _same_as_before(case, wrt, case.forward_request_on(arrays))
        values = named(student.ask(request), layer.forward, case.options)
        outputs = outputs or values
        for name, expected in case.expected.items():
            expect_array(name, values[name], expected)
        return {name: values[name] for name in layer.differentiable}

    def backward(upstream: Mapping[str, Any]) -> dict[str, Any]:
        request = _same_as_before(case, wrt, case.backward_request_on(upstream, outputs=outputs))
        gradients = named(student.ask(request), backward_signature, case.options)
        expect_array(f"d{wrt}", gradients[f"d{wrt}"], case.arrays[wrt])
        if not np.any(gradients[f"d{wrt}"]):
            raise StudentError("the gradient is zero everywhere")
        return {wrt: gradients[f"d{wrt}"]}

    rng = np.random.default_rng(0)
    directional_check(forward, backward, case.arrays, (wrt,), exact=case.kind.exact, rng=rng)

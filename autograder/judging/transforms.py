"""What is it instead? Transforms of the right answer that need no knowledge of the unit."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations, permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.errors import Mismatch
from autograder.judging.compare import distance
from autograder.judging.evidence import Evidence
from autograder.judging.layer_case import LayerCase
from autograder.judging.wrong_models import reference, same

Array = NDArray[np.float64]
Transform = Callable[[LayerCase, Array], Any]

SIZES = ("N", "C", "F", "T", "KH * KW", "H' * W'", "N * H' * W'", "C * KH * KW", "D", "H")


def explain(evidence: Evidence) -> str:
    """The one transform that gives every failing answer, and leaves passing ones alone, in words; or nothing."""
    answers = [(trial.case, trial.error.got) for trial in evidence.failing if isinstance(trial.error, Mismatch)]
    if len(answers) != len(evidence.failing) or not all(isinstance(got, np.ndarray) for _, got in answers):
        return ""
    if not isinstance(reference(answers[0][0], evidence.result), np.ndarray):
        return ""
    result = evidence.result
    right = [(trial.case, reference(trial.case, result)) for trial in evidence.passing]
    if _only_rounded(answers, result):
        return f"{result} went through float32 on the way: it is right to 7 digits only"
    for text, transform in _transforms(evidence, answers[-1][0]):
        if all(_fits(transform, case, got, result) for case, got in (*answers, *right)):
            return text
    return _missing_sum(answers, result) if not right else ""


def _fits(transform: Transform, case: LayerCase, answer: Any, result: str) -> bool:
    made = transform(case, reference(case, result))
    return made is not None and same(made, answer, case, result)


def _only_rounded(answers: Sequence[tuple[LayerCase, Any]], result: str) -> bool:
    """Whether all answers are off by no more than float32 explains."""
    for case, got in answers:
        right = reference(case, result)
        if (
            got.shape != right.shape
            or not (distance(got, right) <= 2.0**-18 * np.max(np.abs(right), initial=0.0)).all()
        ):
            return False
    return True


def _missing_sum(answers: Sequence[tuple[LayerCase, Any]], result: str) -> str:
    """One axis too many, which only has to be summed over."""
    for axis in range(min(got.ndim for _, got in answers)):
        if all(same(got.sum(axis), reference(case, result), case, result) for case, got in answers):
            sizes = sorted({got.shape[axis] for _, got in answers})
            return f"a sum is missing: summing {result} over its axis {axis} (of size {sizes[-1]} here) makes it right"
    return ""


def _transforms(evidence: Evidence, case: LayerCase) -> Iterator[tuple[str, Transform]]:
    result = evidence.result
    yield f"{result} is zero everywhere", lambda case, right: 0 * right
    yield f"{result} has the wrong sign", lambda case, right: -right
    yield from _factors(result, case)
    yield from _biases(evidence, case)
    yield from _others(result, case)
    if len({np.ndim(reference(trial.case, result)) for trial in evidence.trials}) == 1:
        yield from _axes(result, case)
        yield from _sums(result, case)
    yield f"{result} is cut off to integers", lambda case, right: np.trunc(right)


def _factors(result: str, case: LayerCase) -> Iterator[tuple[str, Transform]]:
    yield f"{result} is twice what it should be", lambda case, right: 2 * right
    yield f"{result} is half of what it should be", lambda case, right: right / 2
    for name in SIZES:
        if _size(case, name) is None:
            continue
        yield f"{result} is divided by {name}", partial(_divided, name)
        yield f"{result} is {name} times what it should be", partial(_multiplied, name)


def _size(case: LayerCase, product: str) -> float | None:
    """A product of a case's sizes: "H' * W'"."""
    names = product.split(" * ")
    if not all(name in case.variables for name in names):
        return None
    return float(np.prod([case.variables[name] for name in names]))


def _biases(evidence: Evidence, case: LayerCase) -> Iterator[tuple[str, Transform]]:
    if "b" not in case.layer.axes or evidence.result not in case.expected or case.kind.name != "multilinear":
        return
    yield "the bias is left out", lambda case, right: right - _bias(case, right)
    yield "the bias is added twice", lambda case, right: right + _bias(case, right)
    if "C" in case.variables:
        text = "the bias is added once for every channel"
        yield text, lambda case, right: right + (case.variables["C"] - 1) * _bias(case, right)


def _bias(case: LayerCase, right: Array) -> Array:
    """The bias, spread over the axis of `right` that it belongs to."""
    [name] = case.layer.axes_of("b")
    [output] = case.expected
    return case.arrays["b"].reshape([-1 if axis == name else 1 for axis in case.layer.axes_of(output)])


def _others(result: str, case: LayerCase) -> Iterator[tuple[str, Transform]]:
    """Another result in this one's place."""
    names = [f"d{name}" for name in case.layer.wrt] if result not in case.expected else list(case.expected)
    for name in names:
        if name != result:
            yield f"{name} is returned in the place of {result}", partial(_other, name)


def _axes(result: str, case: LayerCase) -> Iterator[tuple[str, Transform]]:
    """Axes turned round or exchanged."""
    dimensions = reference(case, result).ndim
    names = case.layer.axes_of(result) or tuple(f"axis {axis}" for axis in range(dimensions))
    for count in (1, 2):
        for axes in combinations(range(dimensions), count):
            text = f"{result} is turned round along {' and '.join(names[axis] for axis in axes)}"
            yield text, partial(_flipped, axes)
    for order in permutations(range(dimensions)):
        if order != tuple(range(dimensions)):
            text = f"the axes of {result} are in the order {', '.join(names[axis] for axis in order)}"
            yield text, partial(_transposed, order)


def _sums(result: str, case: LayerCase) -> Iterator[tuple[str, Transform]]:
    """A sum too many: over one axis, kept or dropped."""
    names = case.layer.axes_of(result)
    for axis, name in enumerate(names):
        text = f"{result} is summed over {name}, which should stay"
        yield text, partial(_summed, axis)
        yield text, partial(_summed_and_spread, axis)


def _divided(name: str, case: LayerCase, right: Array) -> Array:
    return right / (_size(case, name) or 1)


def _multiplied(name: str, case: LayerCase, right: Array) -> Array:
    return right * (_size(case, name) or 1)


def _other(name: str, case: LayerCase, right: Array) -> Any:
    return reference(case, name)


def _flipped(axes: tuple[int, ...], case: LayerCase, right: Array) -> Array:
    return np.flip(right, axes)


def _transposed(order: tuple[int, ...], case: LayerCase, right: Array) -> Array:
    return np.transpose(right, order)


def _summed(axis: int, case: LayerCase, right: Array) -> Array:
    return np.asarray(right.sum(axis))


def _summed_and_spread(axis: int, case: LayerCase, right: Array) -> Array:
    return np.broadcast_to(right.sum(axis, keepdims=True), right.shape)

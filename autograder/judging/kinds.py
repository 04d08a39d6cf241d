"""Kinds of layers: how their numbers are drawn, and how far from the reference a right answer may be.

The bounds are derived, not guessed: see `docs/grading.md`.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.judging import data
from autograder.judging.compare import EXACT, Bound
from autograder.judging.data import Data

if TYPE_CHECKING:
    from autograder.judging.layer_case import LayerCase

UNIT_ROUNDOFF = {np.float32: 2.0**-24, np.float64: 2.0**-53}

BoundFunction = Callable[["LayerCase", str], Bound]


@dataclass(frozen=True, slots=True)
class Kind:
    """How a layer's numbers are drawn and judged.

    `bound` gives the tolerance for an output and `gradient_bound` for a gradient; where they are exceeded,
    `second_bound` and `second_gradient_bound` may still admit correct code of another kind (an FFT, float32 on the
    way). `exact` says that right answers are free of rounding, so that the numeric gradient check may take steps of 1.
    """

    name: str
    data: Data
    upstream: Data
    bound: BoundFunction
    gradient_bound: BoundFunction
    second_bound: BoundFunction | None = None
    second_gradient_bound: BoundFunction | None = None
    exact: bool = False
    dtype: type[np.floating[Any]] = np.float64


def _exact(case: "LayerCase", name: str) -> Bound:
    return EXACT


def _rounding(roundoff: float) -> tuple[BoundFunction, BoundFunction]:
    """Bounds for layers linear in each argument: products summed, times unit roundoff, times magnitudes."""
    unit = roundoff + UNIT_ROUNDOFF[np.float64]

    def bound(case: "LayerCase", name: str) -> Bound:
        return (case.counts[name] + 1) * unit * case.magnitudes[name]

    def gradient_bound(case: "LayerCase", name: str) -> Bound:
        return (case.gradient_counts[name] + 1) * unit * case.gradient_magnitudes[name]

    return bound, gradient_bound


def _by_norm(case: "LayerCase", name: str) -> Bound:
    """A fast transform spreads its rounding over the whole image, zeros and pixels that nothing reads included."""
    factors = [array for other, array in case.arrays.items() if other != "b"]
    return 16 * UNIT_ROUNDOFF[np.float64] * (_norms(factors) + largest(case.arrays.get("b", 0.0)))


def _gradient_by_norm(case: "LayerCase", name: str) -> Bound:
    factors = [array for other, array in case.arrays.items() if other not in (name, "b")]
    return 16 * UNIT_ROUNDOFF[np.float64] * _norms([*case.upstream.values(), *(factors if name != "b" else ())])


def _norms(arrays: Sequence[Any]) -> float:
    return math.prod(float(np.linalg.norm(array)) for array in arrays)


def _smooth(case: "LayerCase", name: str) -> Bound:
    return 1e-10 * largest(case.expected[name]) + 1e-11


def _smooth_gradient(case: "LayerCase", name: str) -> Bound:
    upstream = max(largest(value) for value in case.upstream.values())
    return 1e-10 * largest(case.gradients[name]) + 1e-11 * upstream


def _single(case: "LayerCase", name: str) -> Any:
    """What float32 on the way may cost: how far jitters of one unit roundoff of the inputs move the answer."""
    values = case.expected[name]
    return 32 * UNIT_ROUNDOFF[np.float32] * (case.response[name] + np.abs(values) + largest(values) / 32)


def _single_confident(case: "LayerCase", name: str) -> Bound:
    """As `_single`, for a softmax that is almost sure: what is left of 1 is known to one unit roundoff of 1."""
    bound: Bound = _single(case, name) + 64 * UNIT_ROUNDOFF[np.float32]
    return bound


def _single_gradient(case: "LayerCase", name: str) -> Bound:
    """As `_single`; and the slope of a saturated unit, such as 1 - h**2, is off by a few unit roundoffs of 1."""
    values = case.gradients[name]
    slope = max(map(largest, case.upstream.values())) * max(1.0, *map(largest, case.arrays.values())) / 8
    response = case.gradient_response[name] + np.abs(values) + largest(values) / 32
    return 32 * UNIT_ROUNDOFF[np.float32] * (response + slope)


def _sensitive(case: "LayerCase", name: str) -> Bound:
    """For smooth layers whose answers hang on small differences: per entry, by how far jitters move it."""
    return 1e-9 * (np.abs(case.expected[name]) + case.response[name] + 1e-3)


def _sensitive_gradient(case: "LayerCase", name: str) -> Bound:
    return 1e-9 * (np.abs(case.gradients[name]) + case.gradient_response[name] + 1e-3)


def single(kind: Kind) -> Kind:
    """The same kind with inputs in float32, and the bound that this takes."""
    return replace(kind, dtype=np.float32, bound=_single)


def _plain(case: "LayerCase", name: str) -> Bound:
    """For functions that return numbers, lists or dicts of them."""
    return 1e-9 * (1 + _largest_number(case.expected[name]))


def _state(case: "LayerCase", name: str) -> Bound:
    """For dicts of what a model holds after training: 9 digits, and bit for bit what the reference's run leaves alone.

    That is what equals one of the arrays that came in, and parts whose name says so ("frozen ...").
    """
    state = case.expected[name]
    if not isinstance(state, dict):
        return 1e-9 * (_largest_number(state) + 1e-3)
    bounds = {key: 1e-9 * (_largest_number(value) + 1e-3) for key, value in state.items()}
    return {key: 0.0 if _left_alone(case, key, value) else bounds[key] for key, value in state.items()}


def _left_alone(case: "LayerCase", key: Any, value: Any) -> bool:
    same = (np.array_equal(value, array) for array in case.arrays.values())
    return str(key).startswith("frozen") or (isinstance(value, np.ndarray) and any(same))


def _largest_number(value: Any) -> float:
    if isinstance(value, dict):
        return max(map(_largest_number, value.values()), default=0.0)
    if isinstance(value, list | tuple):
        return max(map(_largest_number, value), default=0.0)
    return largest(value) if isinstance(value, np.ndarray | int | float) else 0.0


def largest(array: Any) -> float:
    return float(np.max(np.abs(array), initial=0.0))


_FLOAT64 = _rounding(UNIT_ROUNDOFF[np.float64])

MULTILINEAR = Kind("multilinear", data.integers, data.integers, _exact, _exact, exact=True)
PIECEWISE = Kind("piecewise", data.permutation, data.integers, _exact, _exact, exact=True)
TIES = replace(PIECEWISE, name="ties", data=data.few_values)
NEGATIVE = replace(PIECEWISE, data=data.negative_permutation)
_SINGLE = _rounding(UNIT_ROUNDOFF[np.float32])
REALS = Kind("reals", data.short_reals, data.short_reals, *_SINGLE, _by_norm, _gradient_by_norm)
PRECISE = Kind("precise", data.reals, data.reals, *_FLOAT64, _by_norm, _gradient_by_norm)
SMOOTH = Kind("smooth", data.activations, data.activations, _smooth, _smooth_gradient, _single, _single_gradient)
SATURATED = replace(SMOOTH, name="saturated", data=data.saturating)
SMOOTH_PRECISE = Kind("smooth precise", data.activations, data.activations, _smooth, _smooth_gradient)
SENSITIVE = Kind("sensitive", data.activations, data.activations, _sensitive, _sensitive_gradient)
CONFIDENT = replace(SENSITIVE, second_bound=_single_confident)
ROUGH = replace(SENSITIVE, second_bound=_single, second_gradient_bound=_single_gradient)  # float32 is let pass
STATE = Kind("state", data.activations, data.activations, _state, _exact)
PLAIN = Kind("plain", data.integers, data.integers, _plain, _exact)
SINGLE = {kind.name: replace(kind, dtype=np.float32) for kind in (MULTILINEAR, PIECEWISE)}
SINGLE["smooth"] = replace(SMOOTH, bound=_single, dtype=np.float32)

"""Which known misconception gives the very same answers? Only one that does so everywhere is worth a name."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from autograder.errors import Mismatch, Raised, StudentError
from autograder.judging.compare import Bound, compare, distance
from autograder.judging.driven import Driven
from autograder.judging.evidence import Evidence
from autograder.judging.layer_case import LayerCase
from autograder.judging.signature import Signature, spread
from autograder.model import Misconception, Request, Rng

Array = NDArray[np.float64]
Outcome = dict[str, Array] | str  # results by name, or the name of the exception


def matching(misconceptions: Iterable[Misconception], evidence: Evidence) -> list[Misconception]:
    """Those whose wrong model reproduces each failing answer and is right wherever the student was right.

    An exception alone says little: at least one failing answer must be an array.
    """
    if not any(isinstance(trial.error, Mismatch) for trial in evidence.failing):
        return []
    trials = [*evidence.failing_by_size(), *evidence.passing]
    return [
        known
        for known in misconceptions
        if not evidence.functions.isdisjoint(known.wrong)
        and all(reproduces(known, evidence.function, evidence.result, trial.case, trial.error) for trial in trials)
    ]


def reproduces(known: Misconception, function: str, result: str, case: LayerCase, error: StudentError | None) -> bool:
    """Whether the wrong model ends on `case` as the student's function did, as far as `result` goes."""
    outcome = outcome_of(known, function, case)
    if isinstance(error, Raised):
        return outcome == ("ValueError" if error.exception == "RuntimeError" else error.exception)
    if isinstance(outcome, str):
        return False
    if result not in outcome:
        return False
    answer = outcome[result]
    if error is None:
        return same(answer, reference(case, result), case, result)
    return isinstance(error, Mismatch) and error.result == result and same(answer, error.got, case, result)


def outcome_of(known: Misconception, function: str, case: LayerCase) -> Outcome:
    """What the wrong model does on `case`; kept with the case, since it is the same for every submission."""
    key = (known.name, function)
    if key not in case.kept:
        case.kept[key] = _run(known, function, case)
    return case.kept[key]  # type: ignore[no-any-return]


def _run(known: Misconception, function: str, case: LayerCase) -> Outcome:
    signature, request = call_of(case, function)
    arguments = [_tensor(argument) for argument in request.arguments]
    options = {name: _tensor(value) for name, value in request.options.items()}
    oracle = case.layer.oracle
    model = oracle.mistaken(known.wrong) if isinstance(oracle, Driven) else known.wrong[function]
    try:
        values = model(*arguments, **options)
    except (IndexError, KeyError, TypeError, AttributeError) as error:
        return type(error).__name__
    except (ValueError, RuntimeError):  # torch raises RuntimeError where NumPy, and the student, raise ValueError
        return "ValueError"
    values = values if len(signature.results) > 1 else (values,)
    pairs = zip(signature.results, values, strict=True)
    return spread({name: _array(value) for name, value in pairs})


def call_of(case: LayerCase, function: str) -> tuple[Signature, Request]:
    """The signature of a layer's forward or backward function, and the call of it on `case`."""
    backward = case.layer.backward
    if backward is not None and backward.function == function:
        return backward, case.backward_request
    return case.layer.forward, case.forward_request


def reference(case: LayerCase, result: str) -> Any:
    """What `result` ("out", or a gradient "dx") should be."""
    return case.expected[result] if result in case.expected else case.gradients[result.removeprefix("d")]


def bound_of(case: LayerCase, result: str) -> float:
    """The largest tolerance for any entry of `result`."""
    kind = case.kind
    is_output = result in case.expected
    tiers = (kind.bound, kind.second_bound) if is_output else (kind.gradient_bound, kind.second_gradient_bound)
    name = result if is_output else result.removeprefix("d")
    return max(_largest(bound(case, name)) for bound in tiers if bound)


def _largest(bound: Bound) -> float:
    return max(bound.values(), default=0.0) if isinstance(bound, Mapping) else float(np.max(bound, initial=0.0))


def same(one: Any, other: Any, case: LayerCase, result: str) -> bool:
    """Whether two answers are the same up to rounding: shape, what is not finite, and values."""
    if isinstance(reference(case, result), np.ndarray):
        one, other = (np.asarray(value) if isinstance(value, float) else value for value in (one, other))
    if not (isinstance(one, np.ndarray) and isinstance(other, np.ndarray)):
        return _same_value(one, other, bound_of(case, result))
    if one.shape != other.shape:
        return False
    finite = np.isfinite(other)
    if not (np.isfinite(one) == finite).all():
        return False
    size = max(np.max(np.abs(reference(case, result)), initial=0.0), 1e-300)
    scale = max(1.0, float(np.max(np.abs(other[finite]), initial=0.0)) / size)
    return bool((distance(one[finite], other[finite]) <= bound_of(case, result) * scale).all())


def _same_value(one: Any, other: Any, bound: float) -> bool:
    """Whether two plain values are the same: numbers within `bound`, everything else exactly."""
    try:
        compare("", one, other, bound)
    except Mismatch:
        return False
    return True


def _array(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _array(part) for key, part in value.items()}
    return value.detach().numpy() if isinstance(value, torch.Tensor) else value


def _tensor(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _tensor(part) for key, part in value.items()}
    if isinstance(value, Rng):
        return np.random.default_rng(value.seed)
    if not isinstance(value, np.ndarray):
        return value
    return torch.from_numpy(np.require(value, np.float64 if value.dtype.kind == "f" else value.dtype, "W").copy())

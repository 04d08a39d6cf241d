"""Ways to check a backward pass numerically against the forward pass beside it. Each says whether it is content."""

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from subjects import Arrays, Subject

from autograder.judging.gradients import directional_check
from autograder.judging.layer_case import LayerCase

Method = Callable[[Subject, LayerCase, int], bool]
STEP, TOLERANCE = 1e-6, 1e-7


def directional(subject: Subject, case: LayerCase, seed: int) -> bool:
    """The grader's own: 5 forward and 3 backward calls along joint random directions."""
    outputs: Arrays = {}

    def forward(arrays: Mapping[str, Any]) -> Arrays:
        nonlocal outputs
        values = subject.run(arrays, case.options)
        outputs = outputs or values
        return {name: values[name] for name in case.layer.differentiable}

    def backward(upstream: Mapping[str, Any]) -> Arrays:
        return subject.run_backward(case, outputs, upstream)

    rng = np.random.default_rng(seed)
    return content(
        lambda: directional_check(forward, backward, case.arrays, case.layer.wrt, exact=case.kind.exact, rng=rng)
    )


def entry_by_entry(subject: Subject, case: LayerCase, seed: int) -> bool:
    """Central differences of <dout, f> in every entry of every input, as course notebooks do it, within 1e-7."""

    def check() -> None:
        upstream = case.upstream
        outputs = subject.run(case.arrays, case.options)
        gradients = subject.run_backward(case, outputs, upstream)
        for name in case.layer.wrt:
            numeric = _differences(subject, case, name, upstream)
            assert gradients[name].shape == numeric.shape
            scale = np.maximum(1, np.maximum(np.abs(numeric), np.abs(gradients[name])))
            assert (np.abs(gradients[name] - numeric) <= TOLERANCE * scale).all()

    return content(check)


def _differences(subject: Subject, case: LayerCase, name: str, upstream: Mapping[str, Any]) -> np.ndarray[Any, Any]:
    numeric = np.zeros(case.arrays[name].shape)
    for index in np.ndindex(numeric.shape):
        sides = []
        for sign in (1, -1):
            moved = case.arrays[name].copy()
            moved[index] += sign * STEP
            values = subject.run({**case.arrays, name: moved}, case.options)
            sides.append(sum(float((upstream[out] * values[out]).sum()) for out in case.layer.differentiable))
        numeric[index] = (sides[0] - sides[1]) / (2 * STEP)
    return numeric


def gradcheck(fast: bool) -> Method:
    """torch.autograd.gradcheck with its own tolerances, on the functions wrapped as a torch.autograd.Function."""

    def method(subject: Subject, case: LayerCase, seed: int) -> bool:
        torch.manual_seed(seed)
        names = case.layer.forward.parameters
        tensors = [torch.tensor(case.arrays[name], dtype=torch.float64, requires_grad=True) for name in names]
        function = _as_torch(subject, case)
        return content(lambda: _true(torch.autograd.gradcheck(function, tensors, fast_mode=fast)))

    return method


def _as_torch(subject: Subject, case: LayerCase) -> Callable[..., Any]:
    names, outputs = case.layer.forward.parameters, case.layer.forward.results

    class Wrapped(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *tensors: torch.Tensor) -> Any:
            arrays = {name: tensor.detach().numpy() for name, tensor in zip(names, tensors, strict=True)}
            values = subject.run(arrays, case.options)
            ctx.at = arrays, values
            found = tuple(torch.tensor(np.array(values[name])) for name in outputs)
            return found if len(found) > 1 else found[0]

        @staticmethod
        def backward(ctx: Any, *upstream: torch.Tensor) -> Any:
            arrays, values = ctx.at
            taken = {name: v.detach().numpy().copy() for name, v in zip(outputs, upstream, strict=True)}
            moved = case.changed(**arrays)
            gradients = subject.run_backward(moved, values, taken)
            found = tuple(torch.tensor(np.array(gradients[name])) if name in gradients else None for name in names)
            return found if len(found) > 1 else found[0]

    return Wrapped.apply


def content(check: Callable[[], object]) -> bool:
    """Whether the check passes: an exception of any kind is a failure that somebody sees."""
    try:
        with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
            check()
    except Exception:
        return False
    return True


def _true(value: bool) -> None:
    assert value


METHODS: dict[str, Method] = {
    "directional check": directional,
    "entry by entry, 1e-7": entry_by_entry,
    "torch gradcheck, slow": gradcheck(fast=False),
    "torch gradcheck, fast": gradcheck(fast=True),
}

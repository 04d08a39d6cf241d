"""The numeric gradient check: 5 forward and 3 backward calls, whatever the size.

It holds a backward pass against the *same submission's* forward pass along a few joint random directions:
<v, f(x + hu) - f(x - hu)> / 2h must equal <u, backward(v)>. Directions are integers of up to 1024 for layers that are
exact on integers (no rounding, no truncation error) and 12-bit numbers otherwise; ±1 would miss a swap of two entries
half the time. See `docs/grading.md` for the figures.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.errors import Mismatch

Arrays = dict[str, NDArray[np.float64]]
Forward = Callable[[Mapping[str, NDArray[Any]]], Arrays]
Backward = Callable[[Mapping[str, NDArray[Any]]], Arrays]

EPS = float(np.finfo(np.float64).eps)
BOOST = 1024.0  # the first upstream gradient is this much larger, or a clipping left on would never be seen


def directional_check(
    forward: Forward,
    backward: Backward,
    inputs: Mapping[str, NDArray[Any]],
    wrt: Sequence[str],
    *,
    exact: bool,
    rng: np.random.Generator,
    directions: int = 2,
) -> None:
    """Raise `Mismatch` unless `backward` is the derivative of `forward` at `inputs` with respect to `wrt`.

    `forward` takes inputs by name and returns outputs by name; `backward` takes one upstream gradient for each output
    and returns gradients by input.
    """
    step = 1.0 if exact else 2.0**-24
    tidy = _without_noise if exact else dict
    outputs = forward(inputs)
    upstream = [_upstream(rng, outputs, exact, BOOST if j % 2 == 0 else 1.0) for j in range(directions)]
    gradients = [_gradients(backward, v, inputs, wrt) for v in upstream]
    _linear_in_upstream(backward, upstream[0], gradients[0], inputs, wrt)
    for _ in range(directions):
        u = {name: _direction(rng, np.shape(inputs[name]), exact) for name in wrt}
        plus, minus = (tidy(forward(_moved(inputs, u, sign * step))) for sign in (1, -1))
        for v, g in zip(upstream, gradients, strict=True):
            _agree(v, tidy(g), u, plus, minus, step)


def _without_noise(arrays: Arrays) -> Arrays:
    """The same numbers, rounded where they are as good as whole: an FFT leaves noise in the last digits."""
    whole = {name: np.round(value) for name, value in arrays.items()}
    for name, value in arrays.items():
        if not (np.abs(value - whole[name]) <= 2**14 * EPS * np.max(np.abs(value), initial=1.0)).all():
            return arrays
    return whole


def _direction(rng: np.random.Generator, shape: tuple[int, ...], exact: bool) -> NDArray[np.float64]:
    if exact:
        return np.asarray(rng.integers(1, 1025, shape) * rng.choice((-1, 1), shape), np.float64)
    return np.asarray(rng.integers(2048, 4097, shape) / 4096 * rng.choice((-1.0, 1.0), shape), np.float64)


def _upstream(rng: np.random.Generator, outputs: Arrays, exact: bool, scale: float) -> Arrays:
    return {name: scale * _direction(rng, np.shape(value), exact) for name, value in outputs.items()}


def _moved(inputs: Mapping[str, NDArray[Any]], direction: Arrays, step: float) -> dict[str, NDArray[np.float64]]:
    return {name: value + step * direction[name] if name in direction else value for name, value in inputs.items()}


def _gradients(backward: Backward, v: Arrays, inputs: Mapping[str, NDArray[Any]], wrt: Sequence[str]) -> Arrays:
    gradients = backward(v)
    for name in wrt:
        if np.shape(gradients[name]) != np.shape(inputs[name]):
            shapes = f"{np.shape(gradients[name])}, but should be {np.shape(inputs[name])}"
            raise Mismatch(f"d{name}.shape={shapes}", kind="shape", result=f"d{name}")
        if not np.isfinite(gradients[name]).all():
            raise Mismatch(f"d{name} is not finite everywhere", kind="not finite", result=f"d{name}")
    return gradients


def _linear_in_upstream(
    backward: Backward, v: Arrays, g: Arrays, inputs: Mapping[str, NDArray[Any]], wrt: Sequence[str]
) -> None:
    """Dividing the upstream gradient by a power of two divides the gradients by it, exactly, in all correct code."""
    small = _gradients(backward, {name: value / BOOST for name, value in v.items()}, inputs, wrt)
    for name in wrt:
        bound = 64 * EPS * np.max(np.abs(g[name]), initial=0.0)
        if not (np.abs(small[name] * BOOST - g[name]) <= bound).all():
            raise Mismatch(f"d{name} is not proportional to the upstream gradient", result=f"d{name}")


def _agree(v: Arrays, g: Arrays, u: Arrays, plus: Arrays, minus: Arrays, step: float) -> None:
    change = sum(float(np.sum(v[name] * (plus[name] - minus[name]))) for name in v) / (2 * step)
    predicted = sum(float(np.sum(u[name] * g[name])) for name in u)
    tolerance = _tolerance(v, g, u, plus, minus, step)
    if not abs(change - predicted) <= tolerance:
        names = ", ".join(f"d{name}" for name in u)
        text = f"{names} predicts a change of {predicted:.9g}, but the forward pass changes by {change:.9g}"
        raise Mismatch(text, kind="directional", result=names, got=predicted, expected=change)


def _tolerance(v: Arrays, g: Arrays, u: Arrays, plus: Arrays, minus: Arrays, step: float) -> float:
    linear = sum(float(np.sum(np.abs(u[name] * g[name]))) for name in u)
    if all((value == np.round(value)).all() for side in (plus, minus) for value in side.values()):
        return 2 * EPS * linear
    size = sum(float(np.sum(np.abs(v[name]))) * _largest(plus[name], minus[name]) for name in v)
    return 8 * EPS * (size / step + linear)


def _largest(plus: NDArray[np.float64], minus: NDArray[np.float64]) -> float:
    """The largest size of any entry, at least 1: a fast transform spreads its rounding over all of them."""
    return max(float(np.max(np.abs(plus), initial=0.0)), float(np.max(np.abs(minus), initial=0.0)), 1.0)

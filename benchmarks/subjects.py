"""Somebody's functions for a layer, right or wrong, and random sizes to run them at.

The sizes are drawn here and not by the units' strategies, so that what a mutant does is settled independently of the
grader's own cases.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import numpy as np
import torch
from common import load_unit
from numpy.typing import NDArray

from autograder.judging.kinds import Kind
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer

Arrays = dict[str, NDArray[Any]]


@dataclass
class Subject:
    """A layer, and somebody's functions for it, called by name with plain arrays."""

    layer: Layer
    forward: Callable[..., Any]
    backward: Callable[..., Any]
    calls: int = 0

    def run(self, arrays: Mapping[str, Any], options: Mapping[str, Any]) -> Arrays:
        self.calls += 1
        signature = self.layer.forward
        values = self.forward(*(arrays[name].copy() for name in signature.parameters), **options)
        values = values if len(signature.results) > 1 else (values,)
        return {name: np.asarray(value) for name, value in zip(signature.results, values, strict=True)}

    def run_backward(self, case: LayerCase, outputs: Mapping[str, Any], upstream: Mapping[str, Any]) -> Arrays:
        self.calls += 1
        signature = self.layer.backward
        assert signature is not None
        known = {**outputs, **case.arrays, **{f"d{name}": value for name, value in upstream.items()}}
        values = self.backward(*(known[name].copy() for name in signature.parameters), **case.options)
        values = values if len(signature.results) > 1 else (values,)
        results = (name.removeprefix("d") for name in signature.results)
        return {name: np.asarray(value) for name, value in zip(results, values, strict=True)}


def layers_of(unit: str) -> list[Layer]:
    """The layers of a unit that have a backward pass, and sizes here."""
    found = {}
    for check in load_unit(unit).checks:
        if check.given and check.given.edges and not check.law:
            case = check.given.build(check.given.edges[0])
            if isinstance(case, LayerCase) and case.layer.backward and case.layer.forward.function in SIZES:
                found.setdefault(case.layer.forward.function, case.layer)  # the first backward of several
    return list(found.values())


def subject(layer: Layer, forward: ModuleType, backward: ModuleType | Callable[..., Any]) -> Subject:
    """`forward` gives the forward function; `backward` a module with the other one, or the function itself."""
    assert layer.backward is not None
    function = getattr(backward, layer.backward.function) if isinstance(backward, ModuleType) else backward
    return Subject(layer, getattr(forward, layer.forward.function), function)


def on_arrays(model: Callable[..., Any]) -> Callable[..., Any]:
    """A wrong model on torch tensors, as a function of arrays."""

    def function(*arguments: NDArray[np.float64], **options: Any) -> Any:
        value = model(*(torch.from_numpy(np.ascontiguousarray(argument)) for argument in arguments), **options)
        return tuple(part.numpy() for part in value) if isinstance(value, tuple) else value.numpy()

    return function


def normal(rng: np.random.Generator, name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """What people take for a gradient check: standard normal numbers, recurrent weights divided by their size."""
    return rng.standard_normal(shape) / (shape[0] if name.startswith("Wh") else 1)


def with_normal_data(kind: Kind) -> Kind:
    return replace(kind, data=normal, upstream=normal, exact=False)


def random_sizes(layer: Layer, rng: np.random.Generator) -> Sizes:
    """Sizes and options anywhere that the rules of the layer allow, small enough for entry-by-entry differences."""
    return SIZES[layer.forward.function](rng)


def _conv2d(rng: np.random.Generator) -> Sizes:
    n, c, f = _up_to(rng, 3), _up_to(rng, 3), _up_to(rng, 3)
    kernel = _up_to(rng, 4), _up_to(rng, 4)
    padding = int(rng.integers(0, 4))
    image = [max(1, k - 2 * padding) + int(rng.integers(0, 5)) for k in kernel]
    arrays = {"x": (n, c, *image), "w": (f, c, *kernel), "b": (f,)}
    return Sizes(arrays, {"stride": _up_to(rng, 3), "padding": padding})


def _max_pool2d(rng: np.random.Generator) -> Sizes:
    window = _up_to(rng, 4), _up_to(rng, 4)
    padding = int(rng.integers(0, min(window) // 2 + 1))
    image = [max(1, k - 2 * padding) + int(rng.integers(0, 5)) for k in window]
    options = {
        "pool": window if rng.random() < 0.7 or window[0] != window[1] else window[0],
        "stride": None if rng.random() < 0.3 else _up_to(rng, 4),
        "padding": padding,
        "ceil_mode": bool(rng.random() < 0.3),
    }
    return Sizes({"x": (_up_to(rng, 3), _up_to(rng, 3), *image)}, options)


def _rnn_step(rng: np.random.Generator) -> Sizes:
    n, d, h = (_up_to(rng, 5) for _ in range(3))
    return Sizes({"x": (n, d), "h_prev": (n, h), "Wx": (d, h), "Wh": (h, h), "b": (h,)})


def _rnn(rng: np.random.Generator) -> Sizes:
    n, t, d, h = _up_to(rng, 4), _up_to(rng, 6), _up_to(rng, 4), _up_to(rng, 4)
    return Sizes({"x": (n, t, d), "h0": (n, h), "Wx": (d, h), "Wh": (h, h), "b": (h,)})


def _up_to(rng: np.random.Generator, most: int) -> int:
    return int(rng.integers(1, most + 1))


SIZES = {
    "conv2d_forward": _conv2d, "max_pool2d_forward": _max_pool2d, "rnn_step_forward": _rnn_step, "rnn_forward": _rnn,
}  # fmt: skip


def drawn_cases(layer: Layer, count: int, seed: int, kind: Kind | None = None) -> list[LayerCase]:
    rng = np.random.default_rng(seed)
    return [LayerCase(layer, kind or layer.kind, random_sizes(layer, rng), seed + i) for i in range(count)]

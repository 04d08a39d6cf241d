"""The numeric gradient check: kills every seeded bug, and never accuses right code."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch

from autograder.errors import Mismatch
from autograder.judging.cases import draw
from autograder.judging.gradients import BOOST, directional_check
from autograder.judging.layer_case import LayerCase
from autograder.judging.layers import Layer, Stratum
from autograder.units.convnets import pooling
from autograder.units.convolution import conv2d
from autograder.units.recurrence import rnn
from reference.gradients import vjp

Arrays = dict[str, np.ndarray]
Pass = Callable[[Mapping[str, Any]], Arrays]

STRATA = {
    "conv2d": (conv2d.CONV2D, Stratum("g", "", conv2d.layers(square=False, stride=conv2d.SOME), count=100)),
    "pooling": (pooling.MAX_POOL2D, Stratum("g", "", pooling.pools(square=False, stride="any"), count=100)),
    "rnn": (rnn.RNN, Stratum("g", "", rnn.sequences(), count=100)),
}
every_layer = pytest.mark.parametrize("name", STRATA)


@cache
def cases(name: str) -> tuple[LayerCase, ...]:
    layer, stratum = STRATA[name]
    return draw(layer.cases(stratum, "backward"), 3)


def tensors(arrays: Mapping[str, Any]) -> dict[str, torch.Tensor]:
    return {name: torch.tensor(value, dtype=torch.float64) for name, value in arrays.items()}


def passes(case: LayerCase) -> tuple[Pass, Pass]:
    """The reference's forward and backward passes on a case."""
    layer: Layer = case.layer

    def forward(arrays: Mapping[str, Any]) -> Arrays:
        return {layer.forward.results[0]: layer.oracle(**tensors(arrays), **case.options).numpy()}

    def backward(upstream: Mapping[str, Any]) -> Arrays:
        taken = list(tensors(upstream).values())
        found = vjp(layer.oracle, tensors(case.arrays), layer.wrt, taken, **case.options)
        return {name: value.numpy() for name, value in found.items()}

    return forward, backward


def verdict(
    case: LayerCase, forward: Pass, backward: Pass, wrt: tuple[str, ...] = (), seed: int = 0
) -> Mismatch | None:
    rng = np.random.default_rng(seed)
    try:
        directional_check(forward, backward, case.arrays, wrt or case.layer.wrt, exact=case.kind.exact, rng=rng)
    except Mismatch as mismatch:
        return mismatch
    return None


@every_layer
def test_right_code_is_never_accused(name: str) -> None:
    for seed, case in enumerate(cases(name)):
        assert verdict(case, *passes(case), seed=seed) is None, case.sizes.key


@every_layer
def test_one_input_at_a_time_is_checked_too(name: str) -> None:
    for case in cases(name)[:10]:
        for wrt in case.layer.wrt:
            assert verdict(case, *passes(case), (wrt,)) is None


@every_layer
def test_it_takes_5_forward_and_3_backward_calls(name: str) -> None:
    case = cases(name)[0]
    calls = {"forward": 0, "backward": 0}

    def counted(which: str, function: Pass) -> Pass:
        def run(arrays: Mapping[str, Any]) -> Arrays:
            calls[which] += 1
            return function(arrays)

        return run

    forward, backward = passes(case)
    assert verdict(case, counted("forward", forward), counted("backward", backward)) is None
    assert calls == {"forward": 5, "backward": 3}


def at(array: np.ndarray, index: Any, change: Callable[[Any], Any]) -> np.ndarray:
    changed = array.copy()
    changed[index] = change(changed[index])
    return changed


def last(array: np.ndarray) -> tuple[int, ...]:
    return (-1,) * array.ndim


def swapped(array: np.ndarray) -> np.ndarray:
    """The smallest and the largest entry exchanged."""
    flat = array.ravel().copy()
    low, high = flat.argmin(), flat.argmax()
    flat[[low, high]] = flat[[high, low]]
    return flat.reshape(array.shape)


# What a wrong backward pass makes of a right gradient. Entries that are zero hide some of it.
SPOILED: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "zero": lambda g: 0 * g,
    "negative": lambda g: -g,
    "doubled": lambda g: 2 * g,
    "averaged": lambda g: g / 2,
    "one percent off": lambda g: 1.01 * g,
    "a ten-thousandth off": lambda g: g * (1 + 1e-4),
    "flipped": lambda g: g[..., ::-1],
    "rolled": lambda g: np.roll(g, 1, -1),
    "two entries swapped": swapped,
    "last entry zero": lambda g: at(g, last(g), lambda e: 0 * e),
    "last entry doubled": lambda g: at(g, last(g), lambda e: 2 * e),
    "last column zero": lambda g: at(g, (..., -1), lambda e: 0 * e),
    "first row of the first axis zero": lambda g: at(g, 0, lambda e: 0 * e),
    "one sign wrong": lambda g: at(g, last(g), lambda e: -e),
    "absolute values": np.abs,
    "clipped": lambda g: np.clip(g, -5, 5),
    "normalised": lambda g: g / max(1.0, float(np.linalg.norm(g))),
    "a constant added": lambda g: g + 1e-2,
    "float16 on the way": lambda g: g.astype(np.float16).astype(np.float64),
}  # fmt: skip
# What a wrong backward pass makes of the upstream gradient first.
MISREAD: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "ones": np.ones_like,
    "signs": np.sign,
    "squared": np.square,
    "clipped": lambda v: np.clip(v, -1, 1),
    "mean of the batch": lambda v: v / (1 + len(v)),
    "last entry lost": lambda v: at(v, last(v), lambda e: 0 * e),
    "first sample only": lambda v: at(v, slice(1, None), lambda e: 0 * e),
}


class Spy:
    """A wrong backward pass that notes by how much, relative to the largest entry, its answers were off."""

    def __init__(self, right: Pass, wrong: Pass, wrt: tuple[str, ...]) -> None:
        self._right, self._wrong, self._wrt = right, wrong, wrt
        self.off = 0.0

    def __call__(self, upstream: Mapping[str, Any]) -> Arrays:
        right, wrong = self._right(upstream), self._wrong(upstream)
        for name in self._wrt:
            scale = float(np.max(np.abs(right[name]), initial=0.0)) or 1.0
            self.off = max(self.off, float(np.max(np.abs(wrong[name] - right[name]), initial=0.0)) / scale)
        return wrong


def is_caught_where_it_shows(name: str, make: Callable[[LayerCase, Pass, str], Pass], joint: bool) -> None:
    """Hold a bug against ten cases; differences beyond the reach of a finite difference do not count."""
    tried, reach = 0, 1e-12 if STRATA[name][0].kind.exact else 1e-5
    for seed, case in enumerate(cases(name)[:10]):
        forward, backward = passes(case)
        for wrt in case.layer.wrt:
            checked = case.layer.wrt if joint else (wrt,)
            spy = Spy(backward, make(case, backward, wrt), checked)
            found = verdict(case, forward, spy, checked, seed=seed)
            if spy.off > reach:
                tried += 1
                assert found is not None, (case.sizes.key, wrt, spy.off)
    assert tried >= 3


@every_layer
@pytest.mark.parametrize("bug", SPOILED)
@pytest.mark.parametrize("joint", [True, False])
def test_spoiled_gradients_are_caught(name: str, bug: str, joint: bool) -> None:
    def make(case: LayerCase, backward: Pass, wrt: str) -> Pass:
        def wrong(upstream: Mapping[str, Any]) -> Arrays:
            found = backward(upstream)
            with np.errstate(all="ignore"):
                return found | {wrt: SPOILED[bug](found[wrt])}

        return wrong

    is_caught_where_it_shows(name, make, joint)


@every_layer
@pytest.mark.parametrize("bug", MISREAD)
def test_a_misread_upstream_gradient_is_caught(name: str, bug: str) -> None:
    def make(case: LayerCase, backward: Pass, wrt: str) -> Pass:
        return lambda upstream: backward({key: MISREAD[bug](value) for key, value in upstream.items()})

    is_caught_where_it_shows(name, make, joint=True)


@every_layer
def test_right_gradients_of_another_forward_are_caught(name: str) -> None:
    for case in cases(name)[:25]:
        forward, backward = passes(case)

        def other(arrays: Mapping[str, Any], forward: Pass = forward) -> Arrays:
            return {key: 3 * value for key, value in forward(arrays).items()}

        assert verdict(case, other, backward) is not None


@every_layer
def test_right_code_is_linear_in_the_upstream_gradient_to_the_last_bit(name: str) -> None:
    for case in cases(name)[:40]:
        _, backward = passes(case)
        upstream = {key: BOOST * value for key, value in case.upstream.items()}
        large, small = backward(upstream), backward(case.upstream)
        assert all(np.array_equal(large[key], BOOST * small[key]) for key in large)


def test_what_is_not_proportional_is_called_so() -> None:
    case = cases("conv2d")[0]
    forward, backward = passes(case)
    found = verdict(case, forward, lambda v: {key: g + 1e-6 for key, g in backward(v).items()})
    assert "is not proportional to the upstream gradient" in str(found)


def test_shapes_and_infinities_are_named() -> None:
    case = cases("conv2d")[0]
    forward, backward = passes(case)
    shape = verdict(case, forward, lambda v: backward(v) | {"w": np.zeros((1, 2))})
    infinite = verdict(case, forward, lambda v: backward(v) | {"x": np.full(case["x"].shape, np.nan)})
    assert shape is not None
    assert infinite is not None
    assert (shape.kind, shape.result) == ("shape", "dw")
    assert str(shape) == f"dw.shape=(1, 2), but should be {case['w'].shape}"
    assert (infinite.kind, str(infinite)) == ("not finite", "dx is not finite everywhere")


@pytest.mark.filterwarnings("ignore:invalid value")
def test_a_forward_that_is_not_finite_is_never_confirmed() -> None:
    case = cases("rnn")[0]
    forward, backward = passes(case)
    for bad in (np.nan, np.inf):
        assert verdict(case, lambda a, bad=bad: {key: v * bad for key, v in forward(a).items()}, backward) is not None

"""Checks for recurrence/rnn: clipping, leaky units, and two experiments on how far back a gradient reaches."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from numpy.typing import NDArray

from autograder.errors import Mismatch
from autograder.judging.cases import Cases
from autograder.judging.checks import check, law
from autograder.judging.compare import expect_array
from autograder.judging.data import Shape, integers
from autograder.judging.kinds import SMOOTH
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.strategies import by_default, small
from autograder.model import Student
from reference.recurrence import rnn as oracle

Array = NDArray[np.float64]
CLOSE = 1e-9  # between two of the student's own answers
TINY = 2.0**-20


def _tiny(rng: np.random.Generator, name: str, shape: Shape) -> NDArray[Any]:
    return TINY * integers(rng, name, shape)


def _nothing(rng: np.random.Generator, name: str, shape: Shape) -> NDArray[Any]:
    return np.zeros(shape)


def clipping(d: int, h: int, max_norm: float) -> Sizes:
    """The gradients of a recurrent layer, and the norm that may be left."""
    shapes = {"grads.Wx": (d, h), "grads.Wh": (h, h), "grads.b": (h,)}
    return Sizes(shapes, values={"max_norm": max_norm})


def clippings(*norms: float) -> SearchStrategy[Sizes]:
    return st.builds(clipping, small, small, st.sampled_from(norms))


def leaky(t: int, alpha: float, mu0: float = 0.0) -> Sizes:
    return Sizes({"v": (t,)}, {"mu0": mu0}, {"alpha": alpha})


@st.composite
def leaks(draw: DrawFn, *alphas: float, length: SearchStrategy[int] = small, start: bool = True) -> Sizes:
    mu0 = draw(st.sampled_from([-2.0, 0.5, 3.0])) if start else 0.0
    return leaky(draw(length), draw(st.sampled_from(alphas)), mu0)


WHOLE_NUMBERS = replace(SMOOTH, data=integers)
CLIP = Layer.of(
    "clip_grad_norm(grads, max_norm) -> clipped, norm", oracle=oracle.clip_grad_norm,
    kind=replace(WHOLE_NUMBERS, name="whole numbers"),
    axes={"grads.Wx": "D H", "grads.Wh": "H H", "clipped.Wh": "H H", "norm": ""},
)  # fmt: skip
LEAKY = Layer.of(
    "leaky_unit(v, alpha) -> mu", oracle=oracle.leaky_unit, kind=WHOLE_NUMBERS, axes={"v": "T", "mu": "T"},
    conditions={"mu0 ≠ 0": lambda v: v["mu0"] != 0, "alpha = 1/2": lambda v: v["alpha"] == 0.5},
)  # fmt: skip

ABOVE = Stratum("above", "gradients longer than max_norm", clippings(0.5, 1.0), edges=(clipping(2, 3, 0.5),))
BELOW = Stratum("below", "gradients that are short enough", clippings(64.0, 1000.0), count=4)
ZERO = Stratum("zero", "gradients of zero", clippings(0.5, 64.0), kind=replace(SMOOTH, data=_nothing), count=2)
FROM_ZERO = Stratum(
    "from-zero", "from 0", leaks(0.25, 0.5, 0.75, start=False).map(by_default),
    edges=(by_default(leaky(4, 0.75)), by_default(leaky(1, 0.25))),
)  # fmt: skip
FROM_MU0 = Stratum("from-mu0", "from mu0", leaks(0.25, 0.5, 0.75), edges=(leaky(3, 0.75, -2.0),))
### BEGIN HIDDEN TESTS
FADED = Stratum(
    "faded", "gradients that have all but vanished", clippings(TINY, TINY / 2), hidden=True, count=4,
    kind=replace(SMOOTH, data=_tiny),
)  # fmt: skip
LONG_LEAK = Stratum(
    "long", "nothing or everything leaks, or it goes on for 40 steps", hidden=True,
    sizes=leaks(0.0, 1.0, 0.9375, length=st.integers(1, 12)), edges=(leaky(40, 0.9375, 3.0),),
)  # fmt: skip
### END HIDDEN TESTS


@law(CLIP, ABOVE)
def no_longer_than_max_norm(student: Student, case: LayerCase) -> None:
    """What clip_grad_norm returns for gradients longer than max_norm has a norm of max_norm."""
    clipped = CLIP.run(student, case)["clipped"]
    norm = np.sqrt(sum(np.sum(np.square(grad)) for grad in clipped.values()))
    CLIP.same("the norm after clipping", norm, case["max_norm"], CLOSE)


@law(LEAKY, FROM_MU0)
def continues(student: Student, case: LayerCase) -> None:
    """leaky_unit cut in two gives the same values: the second half starts from the first half's last one."""
    whole, cut = LEAKY.run(student, case)["mu"], len(case["v"]) // 2
    if cut:
        rest = LEAKY.run(student, case, v=case["v"][cut:], mu0=float(whole[cut - 1]))["mu"]
        LEAKY.same("mu of the second half", rest, whole[cut:], CLOSE)


def seeds(name: str) -> Cases:
    return Cases(name, st.integers(0, 2**16), count=1)


STEPS, RADII = 20, (0.5, 1.0, 1.5)


@check("rnn_backward", given=seeds("rnn_backward.norm"), points=1)
def gradient_norm_experiment(student: Student, seed: int) -> None:
    """Experiment: over 20 steps the gradient halves at each one if the spectral radius of Wh is 0.5, stays as long as
    it is at 1, and grows at 1.5."""
    for radius in RADII:
        found = _change_per_step(student, seed, radius)
        if not abs(found - radius) <= 0.02 * radius:
            text = f"the gradient's norm changes by a factor of {found:.4g} per step"
            raise Mismatch(f"{text}, where the spectral radius of Wh is {radius}", kind="experiment")


def _change_per_step(student: Student, seed: int, radius: float) -> float:
    """The factor by which dh shrinks or grows on its way from the last step to h0, where tanh is all but straight."""
    rng = np.random.default_rng(seed)
    turned, _ = np.linalg.qr(rng.standard_normal((8, 8)))
    Wx, Wh, h0 = np.zeros((2, 8)), radius * turned, 2e-6 * rng.standard_normal((1, 8))
    h = _states(np.zeros((1, STEPS, 2)), h0, Wx, Wh, np.zeros(8))
    dh = np.zeros_like(h)
    dh[:, -1] = rng.standard_normal((1, 8))
    dh0 = student.call("rnn_backward", dh, np.zeros((1, STEPS, 2)), h0, h, Wx, Wh)[1]
    expect_array("dh0", dh0, h0)
    return float((np.linalg.norm(dh0) / np.linalg.norm(dh)) ** (1 / STEPS))


def _states(*arrays: Array) -> Array:
    import torch

    states: Array = oracle.rnn_forward(*map(torch.from_numpy, arrays)).numpy()
    return states


LAG, UNITS, ROUNDS = 4, 8, 130  # how far back the bit is, units of the network, steps of training


@check("rnn_backward_truncated", given=seeds("rnn_backward_truncated.echo"), points=1)
def echo_experiment(student: Student, seed: int) -> None:
    """Experiment: with windows of 5 steps a network learns to say which bit came 4 steps ago, and with 4 it cannot."""
    for k, low, high in ((LAG + 1, 0.9, 1.0), (LAG, 0.0, 0.9)):
        found = _echo(_trained(student, seed, k), np.random.default_rng(seed + 1))
        if not low <= found <= high:
            wanted = f"at least {low:.0%}" if low else "little more than half"
            raise Mismatch(f"trained with k = {k}, {found:.0%} of the bits are right, but {wanted} should be")


def _trained(student: Student, seed: int, k: int) -> dict[str, Array]:
    """A network after training with the submission's gradients; the forward pass is ours."""
    rng = np.random.default_rng(seed)
    turned, _ = np.linalg.qr(rng.standard_normal((UNITS, UNITS)))
    params = {"Wx": 0.25 * rng.standard_normal((1, UNITS)), "Wh": turned, "b": np.zeros(UNITS)}
    params["v"] = rng.standard_normal(UNITS) / np.sqrt(UNITS)
    mean, square = ({name: np.zeros_like(value) for name, value in params.items()} for _ in range(2))
    for count in range(1, ROUNDS + 1):
        for name, grad in _echo_gradients(student, params, _bits(rng, 16, 12), k).items():
            mean[name] = 0.9 * mean[name] + 0.1 * grad
            square[name] = 0.99 * square[name] + 0.01 * grad**2
            change = mean[name] / (1 - 0.9**count) / (np.sqrt(square[name] / (1 - 0.99**count)) + 1e-8)
            params[name] = params[name] - 0.03 * change
    return params


def _bits(rng: np.random.Generator, n: int, t: int) -> Array:
    return rng.choice((-1.0, 1.0), (n, t, 1))


def _echo_gradients(student: Student, params: Mapping[str, Array], x: Array, k: int) -> dict[str, Array]:
    """Gradients of the logistic loss of tanh units that are read out by v."""
    weights = [params[name] for name in ("Wx", "Wh", "b")]
    h0 = np.zeros((len(x), UNITS))
    h = _states(x, h0, *weights)
    wanted = x[:, :-LAG, 0]
    dout = np.zeros(h.shape[:2])
    dout[:, LAG:] = (np.tanh(h[:, LAG:] @ params["v"] / 2) - wanted) / 2 / wanted.size
    found = student.call("rnn_backward_truncated", dout[:, :, None] * params["v"], x, h0, h, *weights[:2], k)
    grads = dict(zip(("Wx", "Wh", "b"), found[2:], strict=True))
    for name, grad in grads.items():
        expect_array(f"d{name}", grad, params[name])
    return {**grads, "v": np.einsum("nt,nth->h", dout, h)}


def _echo(params: Mapping[str, Array], rng: np.random.Generator) -> float:
    """The share of new bits that the network gives back rightly."""
    x = _bits(rng, 100, 24)
    h = _states(x, np.zeros((len(x), UNITS)), params["Wx"], params["Wh"], params["b"])
    return float(((h[:, LAG:] @ params["v"] > 0) == (x[:, :-LAG, 0] > 0)).mean())


CHECKS = (
    *layer_checks(
        CLIP,
        forward={
            ABOVE: {"clipped.Wh": 0.5, "norm": 0.5}, BELOW: {"clipped.Wh": 0.5}, ZERO: {"clipped.Wh": 0.5},
            ### BEGIN HIDDEN TESTS
            FADED: {"clipped.Wh": 0.5},
            ### END HIDDEN TESTS
        },
    ),
    *layer_checks(
        LEAKY,
        forward={
            FROM_ZERO: 0.5, FROM_MU0: 0.5,
            ### BEGIN HIDDEN TESTS
            LONG_LEAK: 0.5,
            ### END HIDDEN TESTS
        },
    ),
    gradient_norm_experiment, echo_experiment, no_longer_than_max_norm, continues,
)  # fmt: skip

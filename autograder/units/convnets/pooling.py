"""Checks for convnets/pooling: average and Lp pooling, maxout and the global average here, max pooling beside it."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from autograder.judging.checks import law
from autograder.judging.data import Floats, Shape, activations, integers
from autograder.judging.kinds import MULTILINEAR, PIECEWISE, ROUGH, SENSITIVE
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.strategies import few
from autograder.model import Student, Unit
from autograder.units.convnets.pooling_max import MAX_CHECKS, MAX_POOL2D, pool, pools
from reference.convnets import pooling as oracle

MANY = 144  # means over windows of up to 4 by 4 of multiples of it are whole numbers


def multiples(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    return MANY * integers(rng, name, shape)


def not_zero(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """As `activations`, but never 0: where p is 1, nothing is said about the slope of |x| there."""
    values = activations(rng, name, shape)
    return np.where(values == 0, 1.0, values)


def out_of_range(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """Numbers whose 100th power is too large, or too small, for a float."""
    return not_zero(rng, name, shape) * 2.0 ** int(rng.choice((-14, 14)))


def half_empty(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """Images whose upper half is zero."""
    values = not_zero(rng, name, shape)
    values[:, :, : (shape[2] + 1) // 2] = 0
    return values


def powers_of_rounding(case: LayerCase, name: str) -> Floats:
    """What float32 may cost in the power p - 1: p times as much as in the number itself."""
    values = np.abs(case.gradients[name])
    return np.asarray(16 * case["p"] * 2.0**-24 * (values + values.max() / 32))


AVERAGE = replace(MULTILINEAR, data=multiples, upstream=multiples)
NORM = replace(ROUGH, data=not_zero)
LOUD = replace(ROUGH, data=out_of_range, upstream=not_zero, second_gradient_bound=powers_of_rounding)
AVG_POOL2D = Layer.of(
    forward="avg_pool2d_forward(x) -> out",
    backward="avg_pool2d_backward(dout, x) -> dx",
    oracle=oracle.avg_pool2d_forward,
    kind=AVERAGE,
    axes=MAX_POOL2D.axes,
    conditions=MAX_POOL2D.conditions,
)
LP_POOL2D = Layer.of(
    forward="lp_pool2d_forward(x, p) -> out",
    backward="lp_pool2d_backward(dout, x, p) -> dx",
    oracle=oracle.lp_pool2d_forward,
    kind=NORM,
    axes=MAX_POOL2D.axes,
    conditions={
        "p is not whole": lambda v: v["p"] != int(v["p"]),
        "p is not even": lambda v: v["p"] % 2 != 0,
        "p is large": lambda v: v["p"] > 10,
        **MAX_POOL2D.conditions,
    },
)
MAXOUT = Layer.of(
    forward="maxout_forward(z, k) -> out", backward="maxout_backward(dout, z, k) -> dz",
    oracle=oracle.maxout_forward, kind=PIECEWISE, axes={"out": "N M"},
)  # fmt: skip
GLOBAL = Layer.of(
    forward="global_avg_pool(x) -> out", oracle=oracle.global_avg_pool, kind=AVERAGE,
    axes={"x": "N C H W", "out": "N C"},
)  # fmt: skip


def bare(sizes: Sizes, **values: Any) -> Sizes:
    """Without the options that only max pooling has."""
    return Sizes(sizes.arrays, {name: sizes.options[name] for name in ("pool", "stride")}, values)


def norms(powers: SearchStrategy[float]) -> SearchStrategy[Sizes]:
    return st.builds(lambda sizes, p: bare(sizes, p=p), pools(square=False, stride="any"), powers)


def maxouts(n: SearchStrategy[int], k: SearchStrategy[int], m: SearchStrategy[int]) -> SearchStrategy[Sizes]:
    return st.builds(lambda n, k, m: Sizes({"z": (n, k * m)}, values={"k": k}), n, k, m)


MEANS = Stratum(
    "means", "any windows and strides", pools(square=False, stride="any").map(bare), count=12,
    edges=(bare(pool(1, 1, 4, 4)), bare(pool(2, 3, 5, 6, (3, 2), 1)), bare(pool(2, 1, 6, 4, (3, 2)))),
)  # fmt: skip
NORMS = Stratum(
    "norms", "p from 1 to 4, whole or not, any windows and strides", count=12,
    sizes=norms(st.sampled_from((2, 1, 3, 4, 1.5, 2.5))),
    edges=(bare(pool(1, 2, 4, 4), p=3), bare(pool(2, 3, 5, 6, (3, 2), 1), p=1.5), bare(pool(2, 1, 3, 4, (3, 2)), p=2)),
)  # fmt: skip
LARGE_P = Stratum(
    "large-p", "p up to 100, numbers whose powers no float can hold", norms(st.sampled_from((100, 90, 95.5))),
    kind=LOUD, count=6,
)  # fmt: skip
EMPTY = Stratum(
    "empty", "windows of zeros", norms(st.sampled_from((2, 3, 1.5))),
    kind=replace(NORM, data=half_empty, upstream=not_zero), edges=(bare(pool(2, 3, 4, 6), p=2),),
)  # fmt: skip
PIECES = Stratum("pieces", "2 to 4 pieces", maxouts(few, st.integers(2, 4), st.integers(1, 4)))
CHANNELS = Stratum("channels", "one number for each channel", st.builds(
    lambda *shape: Sizes({"x": shape}), few, few, st.integers(1, 4), st.integers(1, 4)
), edges=(Sizes({"x": (2, 3, 4, 3)}), Sizes({"x": (1, 2, 1, 4)})))  # fmt: skip
### BEGIN HIDDEN TESTS
MEANS_LEFT_OVER = Stratum(
    "left-over", "pixels at the edge that no window covers", hidden=True, count=6,
    sizes=pools(square=False, stride="any", left_over=True).map(bare),
)  # fmt: skip
PRECISION = Stratum(
    "precision", "float64 in, float64 precision out", norms(st.sampled_from((1.5, 2, 3))), hidden=True, count=4,
    kind=replace(SENSITIVE, name="precise", data=not_zero),
)  # fmt: skip
MANY_PIECES = Stratum("many", "up to 7 pieces", maxouts(few, st.integers(1, 7), few), hidden=True, count=6)
### END HIDDEN TESTS


@law(LP_POOL2D, NORMS)
def homogeneous(student: Student, case: LayerCase) -> None:
    """The norm of twice a window is twice its norm."""
    out = LP_POOL2D.run(student, case)["out"]
    LP_POOL2D.same("out", LP_POOL2D.run(student, case, x=2 * case["x"])["out"], 2 * out, 1e-4)


UNIT = Unit(
    path="convnets/pooling",
    title="Pooling and maxout",
    checks=(
        *MAX_CHECKS,
        *layer_checks(
            AVG_POOL2D,
            forward={
                MEANS: 1,
                ### BEGIN HIDDEN TESTS
                MEANS_LEFT_OVER: 1,
                ### END HIDDEN TESTS
            },
            backward={MEANS: {"dx": 2}},
        ),
        *layer_checks(
            LP_POOL2D,
            forward={
                NORMS: 1, LARGE_P: 1, EMPTY: 1,
                ### BEGIN HIDDEN TESTS
                PRECISION: 1,
                ### END HIDDEN TESTS
            },
            backward={NORMS: {"dx": 1}, LARGE_P: {"dx": 1}, EMPTY: {"dx": 1}},
        ),
        *layer_checks(
            MAXOUT,
            forward={PIECES: 2},
            backward={
                PIECES: {"dz": 1},
                ### BEGIN HIDDEN TESTS
                MANY_PIECES: {"dz": 1},
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(GLOBAL, forward={CHANNELS: 1}),
        homogeneous,
    ),
)  # fmt: skip

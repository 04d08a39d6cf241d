"""Checks for convnets/layers: activations, dense and softmax here, batch norm and dropout beside it."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from numpy.typing import NDArray

from autograder.judging.checks import law
from autograder.judging.compare import EXACT
from autograder.judging.data import SPACING, Data, Floats, Shape, activations, permutation
from autograder.judging.kinds import MULTILINEAR, PIECEWISE, ROUGH, SMOOTH, Kind
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.strategies import few, small
from autograder.model import Student, Unit
from autograder.units.convnets.layers_normal import NORMAL_CHECKS
from reference.convnets import layers as oracle


def off_zero(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """A permutation around zero, without zero: what the slope is there is not judged."""
    return permutation(rng, name, shape) + SPACING / 2


def extreme(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """Numbers up to 1e4 in size, whose exponentials no float can hold."""
    return np.asarray(rng.choice((-1e4, -1e3, -720.0, -40.0, -1.0, 0.5, 40.0, 720.0, 1e3, 1e4), shape))


def labelled(classes: int, logits: Data) -> Data:
    """Logits, and as labels any of so many classes."""

    def data(rng: np.random.Generator, name: str, shape: Shape) -> NDArray[Any]:
        return rng.integers(0, classes, shape) if name == "y" else logits(rng, name, shape)

    return data


def scores(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """Logits up to 2e4 apart, and as far from those of the next sample; no two of a sample are near each other."""
    apart = np.array((-1e4, -5e3, -1e3, -720.0, -40.0, 40.0, 720.0, 1e3, 5e3, 1e4))
    rows = np.stack([rng.permutation(apart)[: shape[1]] for _ in range(shape[0])])
    return np.asarray(rows + rng.choice(apart, (shape[0], 1)))


KINKED = replace(PIECEWISE, data=off_zero)
EXTREME = replace(SMOOTH, data=extreme, upstream=activations)


def activation(name: str, kind: Kind) -> Layer:
    return Layer.of(
        forward=f"{name}_forward(x) -> out",
        backward=f"{name}_backward(dout, x) -> dx",
        oracle=getattr(oracle, f"{name}_forward"),
        kind=kind,
    )


RELU, LEAKY_RELU = activation("relu", KINKED), activation("leaky_relu", KINKED)
SIGMOID, TANH = activation("sigmoid", SMOOTH), activation("tanh", SMOOTH)
DENSE = Layer.of(
    forward="dense_forward(x, w, b) -> out",
    backward="dense_backward(dout, x, w) -> dx, dw, db",
    oracle=oracle.dense_forward,
    kind=MULTILINEAR,
    axes={"x": "N D", "w": "D M", "b": "M", "out": "N M"},
    conditions={"D ≠ M": lambda v: v["D"] != v["M"], "M > 1": lambda v: v["M"] > 1},
)
SOFTMAX = Layer.of(
    forward="softmax_cross_entropy(logits, y) -> loss, dlogits",
    oracle=oracle.softmax_cross_entropy,
    kind=ROUGH,
    axes={"logits": "N C", "y": "N", "dlogits": "N C"},
)


def arrays(**options: SearchStrategy[float]) -> SearchStrategy[Sizes]:
    """x of one to four axes, and these options."""
    shapes = st.lists(small, min_size=1, max_size=4).map(tuple)
    return st.builds(lambda shape, drawn: Sizes({"x": shape}, drawn), shapes, st.fixed_dictionaries(options))


def dense(n: int, d: int, m: int) -> Sizes:
    return Sizes({"x": (n, d), "w": (d, m), "b": (m,)})


def batch(n: int, classes: int) -> Sizes:
    return Sizes({"logits": (n, classes), "y": (n,)})


def classified(classes: int) -> SearchStrategy[Sizes]:
    return st.builds(lambda n: batch(n, classes), small)


ANY = Stratum("any", "arrays of any shape", arrays(), edges=(Sizes({"x": (2, 3)}), Sizes({"x": (2, 3, 4, 5)})))
SLOPES = Stratum(
    "slopes", "several slopes", arrays(alpha=st.sampled_from((1 / 64, 0.25, 0.01))),
    edges=(Sizes({"x": (2, 3)}, {"alpha": 0.25}), Sizes({"x": (2, 3, 4, 2)}, {"alpha": 1 / 64})),
)  # fmt: skip
PLAIN = Stratum("plain", "any sizes", st.builds(dense, few, small, small), edges=(dense(2, 3, 4), dense(3, 2, 2)))
THREE = Stratum(
    "three", "three classes", classified(3), kind=replace(ROUGH, data=labelled(3, activations)), edges=(batch(2, 3),)
)
APART = Stratum(
    "extreme", "five classes, logits up to 2e4 apart", classified(5),
    kind=replace(ROUGH, data=labelled(5, scores)), edges=(batch(2, 5),), count=12,
)  # fmt: skip
### BEGIN HIDDEN TESTS
FAR = Stratum("extreme", "numbers up to 1e4 in size", arrays(), kind=EXTREME, hidden=True, count=6)
TEN = Stratum(
    "ten", "ten classes", classified(10), hidden=True,
    kind=replace(ROUGH, data=labelled(10, activations)), edges=(batch(2, 10),),
)  # fmt: skip
### END HIDDEN TESTS


@law(RELU, ANY)
def never_negative(student: Student, case: LayerCase) -> None:
    """relu(x) - relu(-x) equals x."""
    out = RELU.run(student, case)["out"]
    RELU.same("relu(x) - relu(-x)", out - RELU.run(student, case, x=-case["x"])["out"], case["x"])


@law(SIGMOID, ANY)
def halves(student: Student, case: LayerCase) -> None:
    """sigmoid(x) + sigmoid(-x) equals 1."""
    out = SIGMOID.run(student, case)["out"]
    total = out + SIGMOID.run(student, case, x=-case["x"])["out"]
    SIGMOID.same("sigmoid(x) + sigmoid(-x)", total, np.ones_like(out), 1e-6)


@law(DENSE, PLAIN, functions=("dense_backward", "dense_forward"))
def adjoint(student: Student, case: LayerCase) -> None:
    """<out, dout> equals <x, dx> without bias: the backward pass is the transpose of the forward pass."""
    out = DENSE.run(student, case, b=0 * case["b"])["out"]
    dx = DENSE.run_backward(student, case)["x"]
    DENSE.same("<x, dx>", (case["x"] * dx).sum(), (out * case.upstream["out"]).sum(), EXACT)


@law(SOFTMAX, THREE)
def shift(student: Student, case: LayerCase) -> None:
    """Adding a number to all logits of a sample changes nothing."""
    loss = SOFTMAX.run(student, case)["loss"]
    SOFTMAX.same("loss", SOFTMAX.run(student, case, logits=case["logits"] + 3)["loss"], loss, 1e-5)


@law(SOFTMAX, THREE)
def rows_sum_to_zero(student: Student, case: LayerCase) -> None:
    """Each row of dlogits sums to 0: probabilities sum to 1, and 1 is taken off at the right class."""
    dlogits = SOFTMAX.run(student, case)["dlogits"]
    SOFTMAX.same("the sum of each row of dlogits", dlogits.sum(1), np.zeros(len(dlogits)), 1e-6)


UNIT = Unit(
    path="convnets/layers",
    title="Activations, loss, batch norm, dropout",
    checks=(
        *layer_checks(RELU, forward={ANY: 1}, backward={ANY: {"dx": 1}}),
        *layer_checks(LEAKY_RELU, forward={SLOPES: 1}, backward={SLOPES: {"dx": 1}}),
        *layer_checks(
            SIGMOID,
            forward={
                ANY: 1,
                ### BEGIN HIDDEN TESTS
                FAR: 1,
                ### END HIDDEN TESTS
            },
            backward={ANY: {"dx": 1}},
        ),
        *layer_checks(
            TANH,
            forward={ANY: 1},
            backward={
                ANY: {"dx": 1},
                ### BEGIN HIDDEN TESTS
                FAR: {"dx": 1},
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(DENSE, forward={PLAIN: 1}, backward={PLAIN: {"dx": 1, "dw": 1, "db": 1}}),
        *layer_checks(
            SOFTMAX,
            forward={
                THREE: {"loss": 1, "dlogits": 1}, APART: {"loss": 1, "dlogits": 1},
                ### BEGIN HIDDEN TESTS
                TEN: {"loss": 1, "dlogits": 1},
                ### END HIDDEN TESTS
            },
        ),
        *NORMAL_CHECKS,
        never_negative, halves, adjoint, shift, rows_sum_to_zero,
    ),
)  # fmt: skip

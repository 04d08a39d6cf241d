"""Checks for convnets/lenet: a small network, its gradients, its training."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from numpy.typing import NDArray

from autograder.errors import Mismatch
from autograder.judging.cases import Cases
from autograder.judging.chance import expect_normal
from autograder.judging.checks import check
from autograder.judging.compare import compare, expect_array
from autograder.judging.data import Shape
from autograder.judging.kinds import CONFIDENT, MULTILINEAR, SENSITIVE
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import SEEDS, Layer, Stratum, layer_checks
from autograder.model import Limits, Rng, Student, Unit
from autograder.units.convnets.lenet_training import TRAINING
from reference.convnets import lenet as oracle

Array = NDArray[Any]
# Steps, and the errors allowed: one for float64, the others for float32 on the way, or a ReLU that switches.
STEPS = ((2.0**-20, 1e-4), (2.0**-16, 0.03), (2.0**-13, 0.03))
PARAMS = ("w1", "b1", "w2", "b2", "w3", "b3", "w4", "b4")


def _network(rng: np.random.Generator, name: str, shape: Shape) -> Array:
    """Weights that keep the size of what goes through them; labels from 0 to 2. No two numbers are alike."""
    if name == "y":
        return rng.integers(0, 3, shape)
    fan_in = math.prod(shape[1:]) if len(shape) == 4 else shape[0]
    scale = math.sqrt(2 / fan_in) if name.startswith("params.w") else 1.0 if name == "x" else 0.3
    return scale * rng.standard_normal(shape)


def network(n: int, channels: int, *sizes: Any) -> Sizes:
    """Arrays for a network, with `sizes` as `shapes` of the reference takes them."""
    height, width = sizes[2]
    parts = {f"params.{name}": shape for name, shape in oracle.shapes(channels, *sizes).items()}
    return Sizes({**parts, "x": (n, channels, height, width), "y": (n,)})


@st.composite
def networks(draw: DrawFn, *, square: bool = True, kernel: SearchStrategy[int] = st.just(3)) -> Sizes:
    one, two, few = st.integers(1, 2), st.integers(1, 3), st.integers(2, 4)
    side = draw(st.sampled_from([4, 8]))
    image = (side, side if square else 12 - side)
    return network(
        draw(few), draw(one), (draw(two), draw(few)), (draw(kernel), draw(kernel)), image, draw(few), draw(few) + 1
    )


@st.composite
def runs(draw: DrawFn) -> Sizes:
    """Training in full batches, for which the order of the images plays no part."""
    sizes = draw(networks())
    options = {"epochs": draw(st.integers(1, 3)), "batch_size": 8, "lr": 0.125, "rng": Rng(draw(st.integers(0, 9)))}
    return Sizes(sizes.arrays, options)


@st.composite
def steps(draw: DrawFn, *, first: bool = False, mu: bool = False) -> Sizes:
    parts = {"w": (draw(st.integers(1, 4)), 3), "b": (draw(st.integers(1, 4)),)}
    roles = ("params", "grads") if first else ("params", "grads", "state")
    arrays = {f"{role}.{name}": shape for role in roles for name, shape in parts.items()}
    options = {"mu": draw(st.sampled_from([0.0, 0.5, 0.75]))} if mu else {}
    return Sizes(arrays, options, {"lr": draw(st.sampled_from([0.25, 0.5, 2.0])), **({"state": {}} if first else {})})


AXES = {"w1": "F1 C K1 K1", "b1": "F1", "w2": "F2 F1 K2 K2", "b2": "F2", "w3": "D M", "b3": "M", "w4": "M K", "b4": "K"}
NETWORK = Layer.of(
    "convnet_loss(params, x, y) -> loss, grads", oracle=oracle.convnet_loss, kind=replace(CONFIDENT, data=_network),
    axes={"x": "N C H W", **{f"grads.{name}": axes for name, axes in AXES.items()}},
)  # fmt: skip
STEP = Layer.of(
    "sgd_momentum(params, grads, state, lr) -> new_params, new_state", oracle=oracle.sgd_momentum, kind=MULTILINEAR
)
TRAIN = Layer.of(
    "train(params, x, y) -> trained", oracle=oracle.train, kind=replace(CONFIDENT, data=_network), axes={"x": "N C H W"}
)

SMALL = Stratum(
    "small", "square images, kernels of 3 x 3", networks(),
    edges=(network(4, 2, (3, 5), (3, 3), (8, 8), 6, 7), network(1, 1, (2, 3), (3, 3), (4, 4), 5, 4)),
)  # fmt: skip
FIRST = Stratum("first", "the first step", steps(first=True), count=4)
LATER = Stratum("later", "a later step", steps(), count=6)
FULL = Stratum("full-batch", "one to three epochs of one batch each", runs(), count=5)
### BEGIN HIDDEN TESTS
WIDE = Stratum(
    "wide", "images that are not square, kernels of all sizes", hidden=True,
    sizes=networks(square=False, kernel=st.sampled_from([1, 3, 5])),
    edges=(network(3, 2, (4, 3), (5, 1), (4, 12), 6, 5),),
)  # fmt: skip
PRECISION = Stratum(
    "precision", "float64 in, float64 precision out", networks(), hidden=True, count=4,
    kind=replace(SENSITIVE, data=_network),
)  # fmt: skip
MOMENTUM = Stratum("momentum", "other momenta than 0.9", steps(mu=True), hidden=True, count=6)
### END HIDDEN TESTS

FILTERS = Cases("he_init.filters", st.tuples(st.sampled_from([(24, 4, 5, 5), (20, 8, 3, 5)]), SEEDS), count=3)
MATRICES = Cases("he_init.matrices", st.tuples(st.sampled_from([(100, 40), (36, 90)]), SEEDS), count=3)


@check("he_init", given=FILTERS, points=1)
def variance_of_filters(student: Student, case: Any) -> None:
    """he_init draws filters of mean 0 and variance 2 / (C * KH * KW)."""
    _judge_init(student, case, math.prod(case[0][1:]))


@check("he_init", given=MATRICES, points=1)
def variance_of_matrices(student: Student, case: Any) -> None:
    """he_init draws matrices (D, M) of mean 0 and variance 2 / D."""
    _judge_init(student, case, case[0][0])


def _judge_init(student: Student, case: tuple[Shape, int], fan_in: int) -> None:
    shape, seed = case
    w = student.call("he_init", Rng(seed), shape)
    expect_array("w", w, np.zeros(shape))
    expect_normal(f"w of shape {shape}", w, math.sqrt(2 / fan_in))


### BEGIN HIDDEN TESTS
@check("he_init", given=replace(MATRICES, name="he_init.rng"), points=1, hidden=True)
def depends_on_rng_alone(student: Student, case: Any) -> None:
    """he_init draws from rng and from nothing else."""
    shape, seed = case
    first, again, other = (student.call("he_init", Rng(seed + later), shape) for later in (0, 0, 1))
    expect_array("w", first, np.zeros(shape))
    compare("w, drawn again with the same seed,", again, first, 0.0)
    if np.array_equal(first, other):
        raise Mismatch("w is the same for two different seeds: draw from rng", result="w")


### END HIDDEN TESTS
@check("convnet_loss", given=NETWORK.cases(SMALL, "own", count=3), points=2)
def derivative_of_own_loss(student: Student, case: LayerCase) -> None:
    """grads of convnet_loss say how much its own loss changes when all parameters move a little."""
    rng = np.random.default_rng(0)
    grads = NETWORK.run(student, case)["grads"]
    shapes = {name: case[f"params.{name}"].shape for name in PARAMS}
    wrong = []
    for _ in range(3):
        move = {name: rng.uniform(0.5, 1, shape) * rng.choice((-1, 1), shape) for name, shape in shapes.items()}
        parts = [float(np.sum(move[name] * grads[name])) for name in PARAMS]
        predicted, size = sum(parts), sum(map(abs, parts))
        off = (abs(_change(student, case, move, step) - predicted) - share * size for step, share in STEPS)
        if size == 0 or not any(excess <= 0 for excess in off):
            wrong.append(f"{predicted:.4g} along a random direction, but your own loss changes by")
            wrong[-1] += f" {_change(student, case, move, STEPS[0][0]):.4g}"
    if len(wrong) > 1:
        raise Mismatch(f"grads predict a change of {wrong[0]}", kind="directional", got=grads)


def _change(student: Student, case: LayerCase, move: dict[str, Array], step: float) -> float:
    plus, minus = (_loss(student, case, move, sign * step) for sign in (1, -1))
    return (plus - minus) / (2 * step)


def _loss(student: Student, case: LayerCase, move: dict[str, Array], step: float) -> float:
    moved = {f"params.{name}": case[f"params.{name}"] + step * move[name] for name in PARAMS}
    return float(NETWORK.run(student, case, **moved)["loss"])


@check("convnet_loss", given=NETWORK.cases(SMALL, "start", count=3), points=1)
def log_of_classes_at_the_start(student: Student, case: LayerCase) -> None:
    """convnet_loss is log K for K classes as long as the last layer is zero: 2.303 for the ten digits."""
    zero = {f"params.{name}": 0 * case[f"params.{name}"] for name in ("w4", "b4")}
    loss = NETWORK.run(student, case, **zero)["loss"]
    NETWORK.same("loss", loss, np.array(math.log(len(case["params.b4"]))), 1e-5)


UNIT = Unit(
    path="convnets/lenet",
    title="A small network, trained",
    borrows=(
        "conv2d_backward", "conv2d_forward", "dense_backward", "dense_forward", "max_pool2d_backward",
        "max_pool2d_forward", "relu_backward", "relu_forward", "softmax_cross_entropy",
    ),
    limits=Limits(call_seconds=20),
    checks=(
        variance_of_filters, variance_of_matrices,
        ### BEGIN HIDDEN TESTS
        depends_on_rng_alone,
        ### END HIDDEN TESTS
        *layer_checks(
            NETWORK,
            forward={
                SMALL: {
                    "loss": 2, "grads.w4": 1, "grads.b4": 0.5, "grads.w3": 1, "grads.b3": 0.5,
                    "grads.w2": 1, "grads.b2": 0.5, "grads.w1": 1, "grads.b1": 0.5,
                },
                ### BEGIN HIDDEN TESTS
                WIDE: {"loss": 1, "grads.w4": 0.5, "grads.w3": 0.5, "grads.w2": 0.5, "grads.w1": 0.5},
                PRECISION: {"loss": 0.5, "grads.w1": 0.5},
                ### END HIDDEN TESTS
            },
        ),
        derivative_of_own_loss, log_of_classes_at_the_start,
        *layer_checks(
            STEP, advice=False,
            forward={
                FIRST: {"new_params.w": 1}, LATER: {"new_params.w": 1, "new_state.w": 1},
                ### BEGIN HIDDEN TESTS
                MOMENTUM: {"new_params.b": 1, "new_state.b": 1},
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(TRAIN, forward={FULL: {"trained.w4": 1, "trained.w1": 1}}),
        *TRAINING,
    ),
)  # fmt: skip

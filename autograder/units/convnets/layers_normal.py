"""The checks of convnets/layers for batch normalisation and dropout."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from numpy.typing import NDArray

from autograder.errors import Mismatch
from autograder.judging.agreement import named
from autograder.judging.checks import check, law
from autograder.judging.compare import compare, describe, expect_array
from autograder.judging.data import Floats, Shape, activations, integers
from autograder.judging.kinds import MULTILINEAR, PLAIN, ROUGH, SENSITIVE
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.signature import Signature
from autograder.judging.strategies import few
from autograder.model import Request, Rng, Student
from reference.convnets import layers as oracle

CLOSE = 1e-6  # float32 on the way is let pass


def statistics(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """As `activations`; variances are above zero, and channels lie around different means."""
    values = activations(rng, name, shape)
    if name == "x":
        return values + rng.integers(-2, 3, (1, shape[1], 1, 1))
    return np.abs(values) + 0.25 if name == "running_var" else values


BATCHNORM2D = Layer.of(
    forward="batchnorm2d_forward(x, gamma, beta, running_mean, running_var, training) -> out, new_mean, new_var",
    oracle=oracle.batchnorm2d_forward,
    kind=replace(ROUGH, data=statistics, upstream=activations),
    axes={"x": "N C H W", "gamma": "C", "beta": "C", "out": "N C H W", "new_mean": "C", "new_var": "C"},
    conditions={
        "training is True": lambda v: v["training"],
        "training is False": lambda v: not v["training"],
        "eps is large": lambda v: v["eps"] > 1e-3,
        "H * W > 1": lambda v: v["H"] * v["W"] > 1,
    },
)
BATCHNORM2D_BACKWARD = replace(
    BATCHNORM2D, backward=Signature.parse("batchnorm2d_backward(dout, x, gamma) -> dx, dgamma, dbeta")
)  # a layer of its own: the backward pass takes no momentum


def norm(
    n: int, c: int, h: int, w: int, training: bool = True, momentum: float | None = None, eps: float = 1e-5
) -> Sizes:
    """The sizes of one layer."""
    channels = {name: (c,) for name in ("gamma", "beta", "running_mean", "running_var")}
    options = {"eps": eps} if momentum is None else {"momentum": momentum, "eps": eps}
    return Sizes({"x": (n, c, h, w), **channels}, options, {"training": training})


EPSILONS = st.sampled_from((1e-5, 1e-3, 0.1, 0.5))


def norms(training: bool, momentum: SearchStrategy[float | None]) -> SearchStrategy[Sizes]:
    height = st.integers(3, 4)  # of two pixels, dx is what is left when large numbers cancel
    return st.builds(norm, few, few, height, few, st.just(training), momentum, EPSILONS)


MOMENTA, NONE = st.sampled_from((0.1, 0.25, 0.75)), st.none()
TRAIN = Stratum(
    "training", "the training pass", norms(True, MOMENTA),
    edges=(norm(2, 3, 4, 5, True, 0.1), norm(3, 2, 2, 1, True, 0.25, 0.1), norm(2, 1, 1, 1, True, 0.1)),
)  # fmt: skip
EVAL = Stratum(
    "evaluation", "the pass in evaluation", norms(False, MOMENTA),
    edges=(norm(2, 3, 4, 5, False, 0.1), norm(1, 2, 1, 1, False, 0.25, 0.1)),
)  # fmt: skip
GRADIENTS = Stratum(
    "training", "the training pass", norms(True, NONE), edges=(norm(2, 3, 4, 5), norm(3, 2, 2, 1, eps=0.1))
)
### BEGIN HIDDEN TESTS
PRECISION = Stratum(
    "precision", "float64 in, float64 precision out", norms(True, MOMENTA), hidden=True, count=4,
    kind=replace(SENSITIVE, name="precise", data=statistics),
)  # fmt: skip
FEW_PIXELS = Stratum(
    "few", "two or three pixels a channel", hidden=True, count=6,
    # With two pixels and a tiny eps, dx is what is left when large numbers cancel: float32 would lose it.
    sizes=st.builds(norm, st.integers(2, 3), few, st.just(1), st.just(1), eps=st.sampled_from((1e-3, 0.1, 0.5))),
)  # fmt: skip
### END HIDDEN TESTS


def kept(rng: np.random.Generator, name: str, shape: Shape) -> NDArray[Any]:
    """A mask of zeros and ones beside integers."""
    return rng.integers(0, 2, shape).astype(np.float64) if name == "mask" else integers(rng, name, shape)


DROPOUT = Layer.of(
    forward="dropout_forward(x, p, training, rng) -> out, mask", oracle=oracle.dropout_forward, kind=PLAIN
)
DROPOUT_BACKWARD = Layer.of(
    forward="dropout_backward(dout, mask, p) -> dx",
    oracle=oracle.dropout_backward,
    kind=replace(MULTILINEAR, data=kept),
)

SHAPES = st.sampled_from(((3,), (2, 3), (4, 5), (2, 3, 4, 2)))
RATES = st.sampled_from((0.25, 0.5, 0.2, 0.75))


def draws(shapes: SearchStrategy[Shape], rates: SearchStrategy[float], training: bool) -> SearchStrategy[Sizes]:
    def sizes(shape: Shape, p: float, seed: int) -> Sizes:
        return Sizes({"x": shape}, values={"p": p, "training": training, "rng": Rng(seed)})

    return st.builds(sizes, shapes, rates, st.integers(0, 999))


def masked(shape: Shape, p: float) -> Sizes:
    return Sizes({"dout": shape, "mask": shape}, values={"p": p})


DRAWN = Stratum("drawn", "in training", draws(SHAPES, st.sampled_from((0.25, 0.5, 0.0, 0.75)), True), count=6)
MASKED = Stratum("masked", "any masks", st.builds(masked, SHAPES, RATES), edges=(masked((4, 5), 0.25),))


def dropped(student: Student, case: LayerCase) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """out and mask, in the right shape, the mask as numbers that are 0 or 1."""
    answer = named(student.ask(case.forward_request), DROPOUT.forward, case.options)
    out, mask = answer["out"], answer["mask"]
    expect_array("out", out, case["x"])
    if not isinstance(mask, np.ndarray) or mask.shape != case["x"].shape:
        raise Mismatch(f"mask is {describe(mask)}, but should be an array of shape {case['x'].shape}", result="mask")
    if mask.dtype.kind not in "fiub" or not np.isin(mask, (0, 1)).all():
        raise Mismatch("mask holds other values than 0 (dropped) and 1 (kept)", result="mask", got=mask)
    return out, mask.astype(np.float64)


@check("dropout_forward", given=DROPOUT.cases(DRAWN, "scaled"), points=1)
def scaled(student: Student, case: LayerCase) -> None:
    """dropout_forward returns x * mask / (1 - p) in training, with a mask of 0 and 1."""
    out, mask = dropped(student, case)
    compare("out", out, case["x"] * mask / (1 - case["p"]), CLOSE * 16)


### BEGIN HIDDEN TESTS
SIGMAS = 6  # two draws in a billion are further off
MANY = Stratum("many", "large arrays", draws(st.just((60, 40)), RATES, True), hidden=True, count=3)
STILL = Stratum("evaluation", "nothing happens in evaluation", draws(SHAPES, RATES, False), hidden=True)


@check("dropout_forward", given=DROPOUT.cases(MANY, "rate"), points=1, hidden=True)
def rate(student: Student, case: LayerCase) -> None:
    """dropout_forward drops each entry on its own, with probability p, by the generator that it is given."""
    _, mask = dropped(student, case)
    p, count = case["p"], mask.size
    if abs(mask.sum() - count * (1 - p)) > SIGMAS * np.sqrt(count * p * (1 - p)):
        raise Mismatch(f"{mask.mean():.0%} of the entries are kept, but with p={p} it should be about {1 - p:.0%}")
    if any((mask == mask.take([0], axis)).all() for axis in range(mask.ndim)):
        raise Mismatch("whole rows or columns are dropped together, but each entry should have a draw of its own")
    request = case.forward_request
    again = student.ask(Request(request.function, request.arguments, request.options))[1]
    if not np.array_equal(again, mask):
        raise Mismatch("the same generator gives another mask: draw from rng, and from nothing else")


### END HIDDEN TESTS


@law(BATCHNORM2D, TRAIN)
def mean_is_beta(student: Student, case: LayerCase) -> None:
    """In training each channel of out has mean beta."""
    out = BATCHNORM2D.run(student, case)["out"]
    BATCHNORM2D.same("the mean of each channel", out.mean((0, 2, 3)), case["beta"], 1e-4)


@law(BATCHNORM2D, EVAL)
def samples_apart(student: Student, case: LayerCase) -> None:
    """In evaluation each sample gives the same output alone as in a batch."""
    whole = BATCHNORM2D.run(student, case)["out"]
    BATCHNORM2D.same("out", BATCHNORM2D.run(student, case, x=case["x"][:1])["out"], whole[:1], 1e-4)


NORMAL_CHECKS = (
    *layer_checks(
        BATCHNORM2D,
        forward={
            TRAIN: {"out": 1, "new_mean": 1, "new_var": 1}, EVAL: {"out": 1, "new_mean": 1},
            ### BEGIN HIDDEN TESTS
            PRECISION: {"out": 1},
            ### END HIDDEN TESTS
        },
    ),
    *layer_checks(
        BATCHNORM2D_BACKWARD,
        forward={},
        backward={
            GRADIENTS: {"dx": 1, "dgamma": 1, "dbeta": 1},
            ### BEGIN HIDDEN TESTS
            FEW_PIXELS: {"dx": 1},
            ### END HIDDEN TESTS
        },
        advice=False,
    ),
    scaled,
    ### BEGIN HIDDEN TESTS
    rate,
    *layer_checks(DROPOUT, forward={STILL: {"out": 1, "mask": 1}}, advice=False),
    ### END HIDDEN TESTS
    *layer_checks(DROPOUT_BACKWARD, forward={MASKED: 1}, advice=False),
    mean_is_beta, samples_apart,
)  # fmt: skip

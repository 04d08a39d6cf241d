"""Checks for vision/inspection: activations, filters as a picture, top-k error, confusion sets."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from numpy.typing import NDArray

from autograder.drivers.vision import inspection as driver
from autograder.judging.checks import law
from autograder.judging.compare import EXACT
from autograder.judging.data import Shape, activations, signed_integers
from autograder.judging.driven import driven
from autograder.judging.kinds import PLAIN, ROUGH, single
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.strategies import few, small
from autograder.model import Student, Unit
from reference.vision import inspection as oracle

Array = NDArray[Any]
Generator = np.random.Generator

NAMES = ("body.0", "body.1", "body.2", "head")
CLASSES = 4  # so many that labels can be drawn without knowing of each other


def _weights(rng: Generator, name: str, shape: Shape) -> Array:
    """Numbers for a small model; variances are positive."""
    return rng.integers(1, 5, shape) / 2 if name == "var" else activations(rng, name, shape)


def _filters(rng: Generator, name: str, shape: Shape) -> Array:
    return signed_integers(rng, 9, shape)


def _some_constant(rng: Generator, name: str, shape: Shape) -> Array:
    """Filters of which some have the same number everywhere."""
    values = signed_integers(rng, 9, shape)
    constant = rng.random(len(values)) < 0.5
    return np.where(constant[:, None, None, None], values[:, :1, :1, :1], values)


def _guesses(rng: Generator, name: str, shape: Shape) -> Array:
    """Logits without ties in a row, and labels of the first classes."""
    if name == "y":
        return rng.integers(0, CLASSES, shape)
    return rng.permuted(np.tile(np.arange(shape[1]) - 2.0, (shape[0], 1)), axis=1) / 4


def _confused(rng: Generator, name: str, shape: Shape) -> Array:
    """Probabilities, and labels of the first classes, each of which occurs."""
    if name == "y":
        return rng.permutation(np.arange(shape[0]) % CLASSES)
    return rng.dirichlet(np.ones(shape[1]), shape[0])


def model(n: int, c: int, h: int, w: int, f: int, kh: int, kw: int, m: int, **values: Any) -> Sizes:
    """A batch of images, and a convolution and a dense layer for them."""
    inner = f * (h - kh + 1) * (w - kw + 1)
    arrays = {"x": (n, c, h, w), "filters": (f, c, kh, kw), "mean": (f,), "var": (f,), "weights": (m, inner)}
    return Sizes(arrays, values=values)


@st.composite
def models(draw: DrawFn, /, **values: SearchStrategy[Any]) -> Sizes:
    kh, kw = draw(few), draw(few)
    height, width = kh + draw(small), kw + draw(few)
    sizes = draw(few), draw(few), height, width, draw(few), kh, kw, draw(small)
    return model(*sizes, **{name: draw(value) for name, value in values.items()})


def bank(f: int, c: int, kh: int, kw: int, pad: int = 1) -> Sizes:
    return Sizes({"w": (f, c, kh, kw)}, {"pad": pad}, left_out=("pad",) if pad == 1 else ())


def guesses(n: int, classes: int, k: int) -> Sizes:
    return Sizes({"logits": (n, classes), "y": (n,)}, values={"k": k})


def confused(n: int, classes: int, k: int) -> Sizes:
    return Sizes({"prob": (n, classes), "y": (n,)}, values={"k": k})


WEIGHTS = replace(PLAIN, data=_weights)
TILES = replace(ROUGH, name="tiles", data=_filters)
SHARES = replace(TILES, data=_guesses)
SETS = replace(TILES, data=_confused, bound=lambda case, name: EXACT, second_bound=None)

LOOK = Layer.of(
    "activations(x, filters, mean, var, weights, names) -> found", oracle=driven(driver.activations, oracle),
    kind=WEIGHTS, functions=("get_activations",),
)  # fmt: skip
TRACES = Layer.of(
    "left_behind(x, filters, mean, var, weights, frozen, fits) -> traces", oracle=driven(driver.left_behind, oracle),
    kind=WEIGHTS, functions=("get_activations",),
    conditions={
        "the model gets through": lambda v: v["fits"],
        "the model raises": lambda v: not v["fits"],
        "a module was in evaluation mode": lambda v: bool(v["frozen"]),
    },
)  # fmt: skip
TILE = Layer.of(
    "tile_filters(w) -> image", oracle=oracle.tile_filters, kind=TILES, single=single(TILES),
    axes={"w": "F C KH KW", "image": "C H W"},
)  # fmt: skip
TOP = Layer.of("topk_error(logits, y, k) -> error", oracle=oracle.topk_error, kind=SHARES, axes={"logits": "N K"})
CONFUSION = Layer.of("confusion_set(prob, y, k) -> sets", oracle=oracle.confusion_set, kind=SETS, axes={"prob": "N K"})

some_names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)
LOOKED = Stratum(
    "outputs", "what layers return, before others change it", models(names=some_names),
    edges=(model(2, 3, 5, 4, 2, 2, 3, 4, names=list(NAMES)), model(3, 1, 3, 4, 2, 1, 2, 3, names=["head", "body.0"])),
)  # fmt: skip
NO_TRACES = Stratum(
    "traces", "the model is as it was: no hooks, the same modes", models(frozen=st.just([]), fits=st.just(True)),
    count=4,
)  # fmt: skip
SQUARE = Stratum(
    "full", "as many filters as the grid has places", edges=(bank(4, 1, 3, 2), bank(6, 1, 2, 3), bank(1, 1, 2, 2)),
    sizes=st.builds(bank, st.sampled_from([1, 2, 4, 6, 9]), st.just(1), small, small),
)  # fmt: skip
PARTIAL = Stratum(
    "partial", "places without a filter, and other pads", edges=(bank(5, 1, 3, 2), bank(7, 1, 2, 2, 0)),
    sizes=st.builds(bank, st.sampled_from([3, 5, 7, 8, 10]), st.just(1), small, small, st.integers(0, 3)),
)  # fmt: skip
GUESSES = Stratum(
    "guesses", "one guess and more", st.integers(CLASSES, 8).flatmap(
        lambda classes: st.builds(guesses, st.integers(2, 12), st.just(classes), st.integers(1, classes))
    ),
    edges=(guesses(12, 6, 1), guesses(12, 6, 3), guesses(5, 4, 4), guesses(9, 5, 2)),
)  # fmt: skip
CONFUSED = Stratum(
    "all-classes", "every class has images", st.builds(confused, st.integers(4, 12), st.just(CLASSES), few),
    edges=(confused(12, CLASSES, 3), confused(9, CLASSES, 2), confused(10, CLASSES, 1)),
)  # fmt: skip
### BEGIN HIDDEN TESTS
LEFT_ALONE = Stratum(
    "restored", "modules in different modes, and a model that raises", hidden=True,
    sizes=models(frozen=st.sampled_from([["body.1"], ["drop"], ["body"], []]), fits=st.booleans()),
    edges=(
        model(2, 3, 5, 4, 2, 2, 3, 4, frozen=["body.1"], fits=True),
        model(2, 3, 5, 4, 2, 2, 3, 4, frozen=["drop"], fits=False),
    ),
)  # fmt: skip
COLOURS = Stratum(
    "colours", "filters in colour, some the same everywhere", hidden=True, kind=replace(TILES, data=_some_constant),
    sizes=st.builds(bank, st.integers(1, 7), st.integers(2, 3), small, small, st.integers(0, 2)),
    edges=(bank(5, 3, 2, 3), bank(4, 3, 1, 1, 2)),
)  # fmt: skip
ABSENT = Stratum(
    "absent", "a class without images", hidden=True,
    sizes=st.builds(confused, st.integers(4, 9), st.integers(CLASSES + 1, CLASSES + 3), few),
    edges=(confused(9, 6, 2),),
)  # fmt: skip
### END HIDDEN TESTS


@law(TILE, SQUARE)
def contrast_and_brightness(student: Student, case: LayerCase) -> None:
    """Filters that are scaled, or made brighter throughout, give the same picture."""
    before = TILE.run(student, case)["image"]
    TILE.same("image", TILE.run(student, case, w=2 * case["w"] + 3)["image"], before, 1e-5)


UNIT = Unit(
    path="vision/inspection",
    title="Inspection of a network",
    allowed_packages=("numpy", "torch"),
    driver="vision/inspection",
    checks=(
        *layer_checks(LOOK, forward={LOOKED: 2}),
        *layer_checks(
            TRACES,
            forward={
                NO_TRACES: 1,
                ### BEGIN HIDDEN TESTS
                LEFT_ALONE: 1,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            TILE,
            forward={
                SQUARE: 1, PARTIAL: 1,
                ### BEGIN HIDDEN TESTS
                COLOURS: 1,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(TOP, forward={GUESSES: 1}),
        *layer_checks(
            CONFUSION,
            forward={
                CONFUSED: 1,
                ### BEGIN HIDDEN TESTS
                ABSENT: 1,
                ### END HIDDEN TESTS
            },
        ),
        contrast_and_brightness,
    ),
)  # fmt: skip

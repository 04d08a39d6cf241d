"""Checks for convnets/augmentation: changing images at random, normalising them, averaging over views."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from numpy.typing import NDArray

from autograder.errors import Mismatch
from autograder.judging import pictures
from autograder.judging.cases import Cases
from autograder.judging.chance import expect_all_integers, expect_uniform
from autograder.judging.checks import check, law
from autograder.judging.compare import compare, describe, expect_array
from autograder.judging.kinds import MULTILINEAR, SENSITIVE
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import SEEDS, Layer, Stratum, layer_checks
from autograder.judging.strategies import few
from autograder.model import Rng, Student, Unit
from reference.convnets import augmentation as oracle

Array = NDArray[Any]


@st.composite
def images(draw: DrawFn, *per_channel: str, least: int = 1) -> Sizes:
    """Images, and arrays of one number a channel."""
    n, c, h, w = draw(few), draw(few), draw(st.integers(least, 6)), draw(st.integers(least, 6))
    return Sizes({"x": (n, c, h, w), **{name: (c,) for name in per_channel}})


def fills(nearest: bool) -> SearchStrategy[float | str]:
    return st.just("nearest") if nearest else st.sampled_from([0.0, 7.0, -3.0])


@st.composite
def shifts(draw: DrawFn, fill: SearchStrategy[float | str], beyond: int = 0) -> Sizes:
    """Moves of less than the image, or of up to `beyond` pixels more."""
    sizes = draw(images(least=2))
    h, w = sizes.arrays["x"][2:]
    dy, dx = (draw(st.integers(1 - side - beyond, side - 1 + beyond)) for side in (h, w))
    return Sizes(sizes.arrays, values={"dy": dy, "dx": dx, "fill": draw(fill)})


@st.composite
def warps(draw: DrawFn, fill: SearchStrategy[float | str]) -> Sizes:
    sizes = draw(images(least=2))
    return Sizes({**sizes.arrays, "matrix": (2, 3)}, values={"fill": draw(fill)})


def moved(n: int, c: int, h: int, w: int, dy: int, dx: int, fill: float | str) -> Sizes:
    return Sizes({"x": (n, c, h, w)}, values={"dy": dy, "dx": dx, "fill": fill})


IMAGES = {"x": "N C H W", "out": "N C H W"}
FILLS = {"fill is 'nearest'": lambda v: v["fill"] == "nearest", "fill is 0": lambda v: v["fill"] == 0}

FLIP = Layer.of("flip_lr(x) -> out", oracle=oracle.flip_lr, kind=MULTILINEAR, axes=IMAGES)
SHIFT = Layer.of(
    "shift(x, dy, dx, fill) -> out", oracle=oracle.shift, kind=MULTILINEAR, axes=IMAGES,
    conditions={
        "dy = 0": lambda v: v["dy"] == 0, "dx = 0": lambda v: v["dx"] == 0, "dy < 0": lambda v: v["dy"] < 0,
        "dx < 0": lambda v: v["dx"] < 0, "dy or dx is below 0": lambda v: min(v["dy"], v["dx"]) < 0, **FILLS,
    },
)  # fmt: skip
AFFINE = Layer.of(
    "affine(x, matrix, fill) -> out", oracle=oracle.affine, axes=IMAGES, conditions=FILLS,
    kind=replace(MULTILINEAR, data=pictures.quarter_steps),
)  # fmt: skip
CHANNEL_SHIFT = Layer.of(
    "channel_shift(x, offsets) -> out", oracle=oracle.channel_shift, axes={**IMAGES, "offsets": "C"},
    kind=replace(MULTILINEAR, data=pictures.byte_values),
)  # fmt: skip
STATS = Layer.of(
    "channel_stats(x_train) -> mean, std", oracle=oracle.channel_stats, kind=SENSITIVE,
    axes={"x_train": "N C H W", "mean": "C", "std": "C"},
)  # fmt: skip
NORMALISE = Layer.of(
    "normalise(x, mean, std) -> out", oracle=oracle.normalise, axes={**IMAGES, "mean": "C", "std": "C"},
    kind=replace(MULTILINEAR, data=pictures.statistics),
)  # fmt: skip
TTA = Layer.of(
    "tta_average(probabilities) -> mean", oracle=oracle.tta_average, axes={"probabilities": "V N K", "mean": "N K"},
    kind=replace(SENSITIVE, data=pictures.probabilities),
)  # fmt: skip

MIRRORED = Stratum("mirrored", "left and right exchanged", images(), edges=(Sizes({"x": (2, 3, 4, 5)}),))
CONSTANT = Stratum(
    "number", "a number where nothing was", shifts(fills(False)),
    edges=(moved(2, 3, 4, 5, 1, -2, 7.0), moved(1, 2, 5, 4, 0, 2, 0.0), moved(2, 1, 4, 6, -1, 0, -3.0)),
)  # fmt: skip
NEAREST = Stratum(
    "nearest", "the nearest pixel where nothing was", shifts(fills(True)), count=6,
    edges=(moved(2, 3, 4, 5, 1, -2, "nearest"), moved(1, 2, 5, 6, -3, 2, "nearest")),
)  # fmt: skip
WHOLE = Stratum(
    "whole",
    "mirrors, quarter turns and whole steps",
    warps(fills(False)),
    kind=replace(MULTILINEAR, data=pictures.whole_steps),
)
BETWEEN = Stratum("between", "positions between pixels", warps(fills(False)))
CLIPPED = Stratum(
    "clipped", "pixel values past 0 and 255", images("offsets"),
    edges=(Sizes({"x": (2, 3, 4, 5), "offsets": (3,)}),),
)  # fmt: skip
TRAINING = Stratum(
    "training", "over images and pixels", edges=(Sizes({"x_train": (4, 3, 2, 5)}),),
    sizes=images().map(lambda sizes: Sizes({"x_train": sizes.arrays["x"]})),
)  # fmt: skip
VARIED = Stratum(
    "varied", "channels that vary", images("mean", "std"),
    edges=(Sizes({"x": (2, 3, 4, 5), "mean": (3,), "std": (3,)}),),
)  # fmt: skip
VIEWS = Stratum(
    "views", "several views of several images", edges=(Sizes({"probabilities": (2, 4, 3)}),),
    sizes=st.tuples(st.integers(1, 5), few, st.integers(2, 6)).map(lambda shape: Sizes({"probabilities": shape})),
)  # fmt: skip
### BEGIN HIDDEN TESTS
FAR = Stratum(
    "far", "moves past the other side", shifts(st.one_of(fills(True), fills(False)), beyond=3), hidden=True,
    edges=(moved(1, 2, 3, 4, 5, 1, 7.0), moved(2, 1, 4, 3, 0, -4, "nearest"), moved(1, 2, 3, 2, -3, 2, 7.0)),
)  # fmt: skip
EDGES = Stratum("edges", "the nearest pixel outside the image", warps(fills(True)), hidden=True, count=6)
TURNED = Stratum(
    "turned", "rotations by any angle", warps(st.one_of(fills(True), fills(False))), hidden=True, count=6,
    kind=replace(SENSITIVE, data=pictures.turned),
)  # fmt: skip
LIMITS = Stratum(
    "limits", "other limits than 0 and 255", hidden=True, kind=replace(MULTILINEAR, data=pictures.byte_values),
    sizes=st.builds(
        lambda sizes, low, high: Sizes(sizes.arrays, {"low": low, "high": high}),
        images("offsets"), st.sampled_from([-50.0, 30.0]), st.sampled_from([200.0, 300.0]),
    ),
)  # fmt: skip
UNVARIED = Stratum(
    "constant", "a channel that was constant", images("mean", "std"), hidden=True, count=4,
    kind=replace(MULTILINEAR, data=pictures.constant), edges=(Sizes({"x": (2, 3, 4, 5), "mean": (3,), "std": (3,)}),),
)  # fmt: skip
### END HIDDEN TESTS


@dataclass(frozen=True, slots=True)
class Draws:
    """One call of random_params, for so many images that chance tells right from wrong."""

    seed: int
    config: dict[str, Any]


def draws(height: int, width: int, **changes: Any) -> dict[str, Any]:
    usual = {
        "n": 600, "height": height, "width": width, "channels": 3, "horizontal_flip": True, "height_shift": 0.2,
        "width_shift": 0.2, "channel_shift": 9.0, "rotation": 40.0, "zoom": 0.2,
    }  # fmt: skip
    return {**usual, **changes}


CONFIGS = (
    draws(32, 20),
    draws(11, 28, channels=2, horizontal_flip=False, height_shift=0.3, channel_shift=40.0, rotation=15.0, zoom=0.1),
    draws(20, 33, width_shift=0.1, rotation=90.0, zoom=0.4, channels=1),
)
DRAWS = Cases(
    "random_params", st.tuples(st.sampled_from(range(len(CONFIGS))), SEEDS), edges=((0, 1), (1, 2)), count=3,
    build=lambda drawn: Draws(drawn[1], CONFIGS[drawn[0]]),
)  # fmt: skip


def _draw(student: Student, case: Draws, later: int = 0) -> dict[str, Array]:
    """What the submission draws from the case's seed, or a `later` one, in the right form."""
    params = student.call("random_params", Rng(case.seed + later), case.config)
    n, channels = case.config["n"], case.config["channels"]
    shapes = {"flip": (n,), "dy": (n,), "dx": (n,), "offsets": (n, channels), "matrix": (n, 2, 3)}
    if not isinstance(params, dict) or set(params) != set(shapes):
        found = f"the keys {', '.join(map(str, params))}" if isinstance(params, dict) else describe(params)
        text = f"random_params returns {found}, but should return a dict with the keys {', '.join(shapes)}"
        raise Mismatch(text, kind="type", got=params)
    for name, shape in shapes.items():
        whole = name in ("flip", "dy", "dx")
        expect_array(f"params[{name!r}]", params[name], np.zeros(shape, int if whole else float))
        if not np.isfinite(params[name]).all() or (whole and params[name].dtype.kind == "f"):
            wanted = "bool" if name == "flip" else "integers" if whole else "finite"
            raise Mismatch(f"params[{name!r}] should be {wanted}", kind="dtype", result=name, got=params[name])
    return params


@check("random_params", given=DRAWS, points=1)
def depends_on_rng_alone(student: Student, case: Draws) -> None:
    """random_params returns arrays with a row for each image, which depend on rng and on nothing else."""
    first, again, other = (_draw(student, case, later) for later in (0, 0, 1))
    for name, array in first.items():
        if not np.array_equal(array, again[name]):
            raise Mismatch(f"params[{name!r}] differs between two calls with the same seed: draw from rng", result=name)
        if name != "flip" and np.array_equal(array, other[name]):
            raise Mismatch(f"params[{name!r}] is the same for two different seeds: draw from rng", result=name)


@check("random_params", given=DRAWS, points=1)
def draws_fill_their_ranges(student: Student, case: Draws) -> None:
    """random_params draws flips, moves and offsets for each image, as often as is asked for."""
    params, config = _draw(student, case), case.config
    for name, axis, side in (("dy", "height", config["height"]), ("dx", "width", config["width"])):
        expect_all_integers(name, params[name], int(config[f"{axis}_shift"] * side))
    for channel, offsets in enumerate(params["offsets"].T):
        expect_uniform(f"offsets[:, {channel}]", offsets, -config["channel_shift"], config["channel_shift"])
    share = float(params["flip"].mean())
    if not (0.38 < share < 0.62 if config["horizontal_flip"] else share == 0):
        wanted = "half of them" if config["horizontal_flip"] else "none: horizontal_flip is False"
        raise Mismatch(f"{share:.0%} of the images are flipped, but it should be {wanted}", result="flip")


### BEGIN HIDDEN TESTS
@check("random_params", given=replace(DRAWS, name="random_params.matrix"), points=1, hidden=True)
def matrices_turn_and_zoom(student: Student, case: Draws) -> None:
    """random_params draws matrices that turn and zoom about the centre."""
    matrix, config = _draw(student, case)["matrix"], case.config
    centre = np.array([(config["height"] - 1) / 2, (config["width"] - 1) / 2])
    linear, step = matrix[:, :, :2], matrix[:, :, 2]
    turned = np.stack([linear[:, 1, 1], -linear[:, 1, 0]], axis=-1)
    compare("matrix[:, 0, :2]", linear[:, 0], turned, 1e-9)
    compare("matrix at the centre", linear @ centre + step, np.broadcast_to(centre, step.shape), 1e-6)
    angle = np.rad2deg(np.arctan2(linear[:, 1, 0], linear[:, 1, 1]))
    expect_uniform("the angle", angle, -config["rotation"], config["rotation"])
    expect_uniform("the zoom", np.hypot(linear[:, 1, 0], linear[:, 1, 1]), 1 - config["zoom"], 1 + config["zoom"])


### END HIDDEN TESTS


@law(FLIP, MIRRORED)
def twice_is_nothing(student: Student, case: LayerCase) -> None:
    """Flipped twice, an image is what it was."""
    once = FLIP.run(student, case)["out"]
    FLIP.same("out", FLIP.run(student, case, x=once)["out"], case["x"])


@law(AFFINE, BETWEEN)
def identity_matrix(student: Student, case: LayerCase) -> None:
    """The matrix [[1, 0, 0], [0, 1, 0]] leaves an image as it is."""
    AFFINE.same("out", AFFINE.run(student, case, matrix=np.eye(2, 3))["out"], case["x"])


UNIT = Unit(
    path="convnets/augmentation",
    title="Augmentation and normalisation",
    checks=(
        *layer_checks(FLIP, forward={MIRRORED: 1}),
        *layer_checks(
            SHIFT,
            forward={
                CONSTANT: 2, NEAREST: 1,
                ### BEGIN HIDDEN TESTS
                FAR: 1,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            AFFINE,
            forward={
                WHOLE: 1, BETWEEN: 2,
                ### BEGIN HIDDEN TESTS
                EDGES: 1, TURNED: 1,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            CHANNEL_SHIFT,
            forward={
                CLIPPED: 1,
                ### BEGIN HIDDEN TESTS
                LIMITS: 1,
                ### END HIDDEN TESTS
            },
        ),
        depends_on_rng_alone, draws_fill_their_ranges,
        ### BEGIN HIDDEN TESTS
        matrices_turn_and_zoom,
        ### END HIDDEN TESTS
        *layer_checks(STATS, forward={TRAINING: {"mean": 1, "std": 1}}),
        *layer_checks(
            NORMALISE,
            forward={
                VARIED: 1,
                ### BEGIN HIDDEN TESTS
                UNVARIED: 1,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(TTA, forward={VIEWS: 1}),
        twice_is_nothing, identity_matrix,
    ),
)  # fmt: skip

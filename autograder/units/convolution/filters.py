"""Checks for convolution/filters: kernels made by hand, Gabor features, convolutions of one pixel and in a row."""

import functools
import math
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from autograder.errors import Mismatch
from autograder.judging.banks import expect_bank, expect_draws, expect_spread
from autograder.judging.cases import Cases
from autograder.judging.checks import check, law
from autograder.judging.compare import EXACT, describe, expect_array
from autograder.judging.digits import digits, digits_error
from autograder.judging.kinds import MULTILINEAR, SENSITIVE
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.strategies import few, small
from autograder.model import Rng, Student, Unit
from reference.convolution import filters as oracle

# Constants and waves: float32 on the way is right, but for the check that asks for float64.
ROUGH = replace(SENSITIVE, name="rough", bound=lambda case, name: 1e-5)


def picture(h: int, w: int, kh: int, kw: int, padding: str = "same") -> Sizes:
    return Sizes({"image": (h, w), "kernel": (kh, kw)}, {"padding": padding})


@st.composite
def pictures(draw: DrawFn, padding: str, sides: SearchStrategy[int], square: bool = True) -> Sizes:
    kh = draw(sides)
    kw = kh if square else draw(sides)
    return picture(kh + draw(st.integers(0, 4)), kw + draw(st.integers(0, 4)), kh, kw, padding)


def wave(size: int, theta: float, lam: float, sigma: float, **options: float) -> Sizes:
    return Sizes(options=options, values={"size": size, "theta": theta, "lam": lam, "sigma": sigma})


@st.composite
def waves(draw: DrawFn, plain: bool = False) -> Sizes:
    """A Gabor kernel; its angles are multiples of 15 degrees."""
    theta, psi = (draw(st.integers(0, 11)) * math.pi / 12 for _ in range(2))
    lam, sigma, gamma = draw(st.integers(4, 14)) / 2, draw(st.integers(1, 6)) / 2, draw(st.integers(1, 5)) / 2
    options = {"gamma": 1.0, "psi": 0.0} if plain else {"gamma": gamma, "psi": psi}
    return wave(draw(st.integers(1, 8)), theta, lam, sigma, **options)


def mix(n: int, c: int, f: int, h: int, w: int) -> Sizes:
    return Sizes({"x": (n, c, h, w), "w": (f, c), "b": (f,)})


def pair(c: int, m: int, f: int, one: tuple[int, int], other: tuple[int, int]) -> Sizes:
    """Two layers, from C to M to F channels."""
    return Sizes({"w1": (m, c, *one), "w2": (f, m, *other)})


KERNEL = Layer.of(
    forward="handcrafted_filter(name) -> kernel", oracle=oracle.handcrafted_filter, kind=ROUGH, axes={"kernel": "KH KW"}
)
APPLY = Layer.of(
    forward="apply_filter(image, kernel) -> filtered",
    oracle=oracle.apply_filter,
    kind=MULTILINEAR,
    axes={"image": "H W", "kernel": "KH KW", "filtered": "H' W'"},
    conditions={"the kernel is larger than 1 x 1": lambda v: v["KH"] > 1 or v["KW"] > 1},
)
GABOR = Layer.of(
    forward="gabor_kernel(size, theta, lam, sigma) -> kernel",
    oracle=oracle.gabor_kernel,
    kind=ROUGH,
    axes={"kernel": "KH KW"},
    conditions={"size is even": lambda v: v["size"] % 2 == 0},
)
TEMPLATES = Layer.of(
    forward="template_features(x, templates) -> features",
    oracle=oracle.template_features,
    kind=MULTILINEAR,
    axes={"x": "N D", "templates": "P D", "features": "N P"},
)
MIX = Layer.of(
    forward="conv1x1(x, w, b) -> out",
    oracle=oracle.conv1x1,
    kind=MULTILINEAR,
    axes={"x": "N C H W", "w": "F C", "b": "F", "out": "N F H W"},
)
MERGE = Layer.of(forward="merge_conv(w1, w2) -> w", oracle=oracle.merge_conv, kind=MULTILINEAR, axes={"w": "F C KH KW"})
SHIFT, SECOND, GREY = (
    Layer.of(forward=f"{function.__name__}() -> kernel", oracle=function, kind=ROUGH)
    for function in (oracle.shift_kernel, oracle.second_difference_kernel, oracle.grey_kernel)
)

ODD = st.sampled_from((1, 3, 5))
NAMES = {"lines": ("identity", "edge1", "edge2", "edge3", "sharpen"), "blurs": ("box_blur", "gaussian_blur")}
LINES, BLURS = (
    Stratum(
        group, ", ".join(names), st.sampled_from(names).map(lambda name: Sizes(values={"name": name})), count=1,
        edges=tuple(Sizes(values={"name": name}) for name in names),
    )
    for group, names in NAMES.items()
)  # fmt: skip
SAME = Stratum(
    "same", "padding same", pictures("same", ODD), edges=(picture(3, 4, 3, 3), picture(5, 7, 3, 3), picture(5, 5, 5, 5))
)
VALID = Stratum(
    "valid", "padding valid", pictures("valid", small),
    edges=(picture(5, 4, 3, 3, "valid"), picture(4, 6, 2, 2, "valid")),
)  # fmt: skip
ROUND = Stratum(
    "round", "gamma 1, psi 0", waves(plain=True),
    edges=(wave(5, 0.0, 4.0, 1.5, gamma=1.0, psi=0.0), wave(7, math.pi / 6, 3.0, 2.0, gamma=1.0, psi=0.0)),
)  # fmt: skip
LONG = Stratum(
    "long", "any gamma and psi", waves(),
    edges=(wave(7, math.pi / 6, 5.0, 2.0, gamma=0.5, psi=0.5), wave(6, math.pi / 3, 4.0, 1.5, gamma=2.0, psi=1.0)),
)  # fmt: skip
FEATURES = Stratum(
    "features", "a few images and templates",
    st.builds(lambda n, d, p: Sizes({"x": (n, d), "templates": (p, d)}), few, small, few),
    edges=(Sizes({"x": (4, 3), "templates": (5, 3)}), Sizes({"x": (3, 4), "templates": (4, 4)})),
)  # fmt: skip
MIXES = Stratum(
    "mix", "square images", st.builds(lambda n, c, f, h: mix(n, c, f, h, h), few, few, few, small),
    edges=(mix(1, 3, 5, 2, 2), mix(2, 3, 3, 2, 2)),
)  # fmt: skip
ONE_MAP = Stratum(
    "one", "one channel throughout", st.builds(lambda a, b: pair(1, 1, 1, (a, a), (b, b)), small, small),
    edges=(pair(1, 1, 1, (3, 3), (3, 3)), pair(1, 1, 1, (2, 2), (3, 3))),
)  # fmt: skip
CHANNELS = Stratum(
    "channels", "several channels and maps",
    st.builds(lambda c, m, f, a, b: pair(c, m, f, (a, a), (b, b)), few, few, few, small, small),
    edges=(pair(2, 3, 4, (2, 2), (3, 3)), pair(3, 3, 3, (2, 2), (2, 2))),
)  # fmt: skip
PUZZLE = Stratum("puzzle", "it solves the puzzle", st.just(Sizes()), count=1)
### BEGIN HIDDEN TESTS
RECTANGULAR = Stratum(
    "rectangular", "kernels that are not square, both paddings", hidden=True,
    sizes=st.one_of(pictures("same", ODD, square=False), pictures("valid", small, square=False)),
    edges=(picture(6, 5, 1, 3), picture(5, 6, 5, 3), picture(6, 5, 2, 3, "valid")),
)  # fmt: skip
PRECISION = Stratum("precision", "float64 precision", waves(), hidden=True, kind=SENSITIVE, count=4)
LARGE_MIXES = Stratum(
    "rectangular", "images that are not square", st.builds(mix, few, small, small, small, small), hidden=True,
    edges=(mix(2, 3, 4, 5, 6),),
)  # fmt: skip
RECTANGLES = Stratum(
    "rectangular", "kernels that are not square", hidden=True,
    sizes=st.builds(
        lambda c, m, f, a, b: pair(c, m, f, a, b), few, few, few, st.tuples(small, small), st.tuples(small, small)
    ),
    edges=(pair(2, 3, 4, (2, 3), (4, 1)),),
)  # fmt: skip
### END HIDDEN TESTS


def banks(name: str, n: int, *sizes: int) -> Cases:
    """Cases (seed, n, size) for a random bank."""
    drawn = st.tuples(st.integers(0, 2**32 - 1), st.just(n), st.sampled_from(sizes))
    return Cases(f"random_gabor_bank.{name}", drawn, count=2 if n < 100 else 1)


def bank_of(student: Student, seed: int, n: int, size: int) -> np.ndarray[Any, Any]:
    bank = student.call("random_gabor_bank", Rng(seed), n, size)
    expect_bank(bank, n, size)
    return np.asarray(bank, np.float64)


def large_bank(student: Student, seed: int, n: int, size: int) -> np.ndarray[Any, Any]:
    """Several banks of 50 in one: no answer of a submission may be much larger than the question."""
    return np.concatenate([bank_of(student, seed + part, 50, size) for part in range(n // 50)])


@check("random_gabor_bank", given=banks("draws", 5, 4, 7), points=1)
def draws_from_rng(student: Student, case: tuple[int, int, int]) -> None:
    """random_gabor_bank draws n different kernels, and the same ones from the same rng."""
    seed, n, size = case
    expect_draws(lambda seed: bank_of(student, seed, n, size), seed)


### BEGIN HIDDEN TESTS
@check("random_gabor_bank", given=banks("spread", 300, 8, 9), points=1, hidden=True)
def spread(student: Student, case: tuple[int, int, int]) -> None:
    """random_gabor_bank has kernels of all orientations, and in all places up to the border."""
    expect_spread(large_bank(student, *case))


@functools.cache
def _error_of_templates() -> float:
    """With 200 of the images as templates."""
    images = torch.from_numpy(digits()[0])
    return digits_error(oracle.template_features(images, images[:200]).numpy())


@check("random_gabor_bank", given=banks("digits", 500, 8), points=2, hidden=True)
def experiment_on_digits(student: Student, case: tuple[int, int, int]) -> None:
    """500 random Gabor features recognise digits better than 200 templates: 2.5 % errors at most, and a point less."""
    bank = large_bank(student, *case)
    images, _ = digits()
    features = np.maximum(images @ bank.reshape(len(bank), -1).T, 0)
    error, templates = digits_error(features), _error_of_templates()
    if not error <= min(0.025, templates - 0.01):
        raise Mismatch(f"with these features {error:.1%} of the digits are wrong, with 200 templates {templates:.1%}")


### END HIDDEN TESTS

PATCHES = np.array(list(product((0.0, 1.0), repeat=9))).reshape(-1, 3, 3)
CROSS = np.array([[1.0, 0, 1], [0, 1, 0], [1, 0, 1]])


@check("find_x", given=Cases("find_x.puzzle", st.just("all patches"), count=1), points=2, bonus=True)
def finds_x(student: Student, case: str) -> None:
    """find_x is above 0 for the X, and 0 for all other patches of zeros and ones."""
    answer = student.call("find_x")
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise Mismatch(f"find_x returns {describe(answer)}, but should return 2 results: kernel, bias", kind="type")
    kernel, bias = answer
    expect_array("kernel", np.asarray(kernel, np.float64), CROSS)
    found = (PATCHES * kernel).sum((1, 2)) + float(bias) > 1e-9
    wrong = found != (PATCHES == CROSS).all((1, 2))
    if wrong.any():
        patch = PATCHES[np.argmax(wrong)].astype(int).tolist()
        raise Mismatch(f"{'0 or less' if patch == CROSS.tolist() else 'above 0'} on the patch {patch}")


@law(APPLY, SAME)
def constant(student: Student, case: LayerCase) -> None:
    """On an image that is 1 everywhere, a kernel that fits inside gives its own sum."""
    inside = APPLY.run(student, case, image=np.ones_like(case["image"]), padding="valid")["filtered"]
    APPLY.same("filtered", inside, 0 * inside + case["kernel"].sum(), EXACT)


UNIT = Unit(
    path="convolution/filters",
    title="Hand-made filters and Gabor features",
    checks=(
        *layer_checks(KERNEL, forward={LINES: 1, BLURS: 1}, advice=False),
        *layer_checks(
            APPLY,
            forward={
                SAME: 2, VALID: 1,
                ### BEGIN HIDDEN TESTS
                RECTANGULAR: 1,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            GABOR,
            forward={
                ROUND: 2, LONG: 1,
                ### BEGIN HIDDEN TESTS
                PRECISION: 1,
                ### END HIDDEN TESTS
            },
            advice=False,
        ),
        draws_from_rng,
        ### BEGIN HIDDEN TESTS
        spread, experiment_on_digits,
        ### END HIDDEN TESTS
        *layer_checks(TEMPLATES, forward={FEATURES: 1}),
        *layer_checks(
            MIX,
            forward={
                MIXES: 1,
                ### BEGIN HIDDEN TESTS
                LARGE_MIXES: 1,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            MERGE,
            forward={
                ONE_MAP: 1, CHANNELS: 1,
                ### BEGIN HIDDEN TESTS
                RECTANGLES: 1,
                ### END HIDDEN TESTS
            },
        ),
        *(puzzle for layer in (SHIFT, SECOND, GREY) for puzzle in layer_checks(
            layer, forward={PUZZLE: 1}, bonus=True, advice=False)),
        finds_x, constant,
    ),
)  # fmt: skip

"""Checks for convnets/blocks: residual, inception and depthwise separable blocks."""

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from autograder.judging.checks import law
from autograder.judging.kinds import MULTILINEAR
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.strategies import few, small
from autograder.model import Student, Unit
from reference.convnets import blocks as oracle

THREE, ODD = st.just(3), st.sampled_from([1, 3, 5])
BRANCHES = {"1": 1, "3_reduce": 1, "3": 3, "5_reduce": 1, "5": 5, "_pool": 1}


@st.composite
def residuals(draw: DrawFn, *, kernel: SearchStrategy[int] = THREE, square: bool = True) -> Sizes:
    n, c, f, h = draw(few), draw(few), draw(few), draw(st.integers(1, 5))
    w = h if square else draw(st.integers(1, 5))
    return residual(n, c, f, (h, w), (draw(kernel), draw(kernel)))


def residual(n: int, c: int, f: int, image: tuple[int, int], kernels: tuple[int, int]) -> Sizes:
    k1, k2 = kernels
    return Sizes({"x": (n, c, *image), "w1": (f, c, k1, k1), "b1": (f,), "w2": (c, f, k2, k2), "b2": (c,)})


@st.composite
def inceptions(draw: DrawFn, *, batch: SearchStrategy[int] = st.just(1), square: bool = True) -> Sizes:
    h = draw(st.integers(1, 5))
    w = h if square else draw(st.integers(1, 5))
    return inception((draw(batch), draw(few), h, w), *(draw(st.integers(1, 2)) for _ in BRANCHES))


def inception(x: tuple[int, int, int, int], *filters: int) -> Sizes:
    """An inception block with so many filters in each convolution, in the order of `BRANCHES`."""
    count = dict(zip(BRANCHES, filters, strict=True))
    shapes: dict[str, tuple[int, ...]] = {"x": x}
    for name, k in BRANCHES.items():
        channels = count.get(f"{name}_reduce", x[1])
        shapes[f"params.w{name}"] = (count[name], channels, k, k)
        shapes[f"params.b{name}"] = (count[name],)
    return Sizes(shapes)


@st.composite
def separables(draw: DrawFn, *, square: bool = True) -> Sizes:
    n, c, f, kh, rows, columns = draw(few), draw(few), draw(few), draw(small), draw(small), draw(small)
    kw = kh if square else draw(small)
    columns = rows if square else columns
    return separable(n, c, f, (rows + kh - 1, columns + kw - 1), (kh, kw))


def separable(n: int, c: int, f: int, image: tuple[int, int], kernel: tuple[int, int]) -> Sizes:
    return Sizes({"x": (n, c, *image), "w_depth": (c, *kernel), "w_point": (f, c)})


RESIDUAL = Layer.of(
    forward="residual_block_forward(x, w1, b1, w2, b2) -> out",
    oracle=oracle.residual_block_forward,
    kind=MULTILINEAR,
    axes={"x": "N C H W", "w1": "F C K1 K1", "w2": "C F K2 K2", "out": "N C H W"},
    conditions={
        "a kernel is larger than 1 x 1": lambda v: max(v["K1"], v["K2"]) > 1,
        "the kernels differ in size": lambda v: v["K1"] != v["K2"],
        "a kernel is not 3 x 3": lambda v: (v["K1"], v["K2"]) != (3, 3),
    },
)
INCEPTION = Layer.of(
    forward="inception_block(x, params) -> out",
    oracle=oracle.inception_block,
    kind=MULTILINEAR,
    axes={"x": "N C H W", "out": "N F H W"},
    conditions={"the image is larger than 1 x 1": lambda v: v["H"] > 1 or v["W"] > 1},
)
SEPARABLE = Layer.of(
    forward="depthwise_separable_forward(x, w_depth, w_point) -> out",
    oracle=oracle.depthwise_separable_forward,
    kind=MULTILINEAR,
    axes={"x": "N C H W", "w_depth": "C KH KW", "w_point": "F C", "out": "N F H' W'"},
    conditions={"the kernel is larger than 1 x 1": lambda v: v["KH"] > 1 or v["KW"] > 1},
)

USUAL = Stratum(
    "usual", "kernels of 3 x 3, square images", residuals(),
    edges=(residual(1, 1, 1, (4, 4), (3, 3)), residual(2, 3, 4, (5, 5), (3, 3))),
)  # fmt: skip
KERNELS = Stratum(
    "kernels", "kernels of 1 x 1, 3 x 3 and 5 x 5", residuals(kernel=ODD),
    edges=(residual(2, 3, 2, (4, 4), (1, 3)), residual(1, 2, 3, (6, 6), (5, 1))),
)  # fmt: skip
ONE = Stratum("one", "one square image", inceptions(), edges=(inception((1, 3, 4, 4), 2, 2, 3, 1, 4, 1),))
SEVERAL = Stratum(
    "several", "several square images", inceptions(batch=st.integers(2, 3)),
    edges=(inception((2, 3, 5, 5), 1, 2, 3, 3, 2, 2),),
)  # fmt: skip
SQUARE = Stratum("square", "square kernels and images", separables(), edges=(separable(2, 3, 4, (5, 5), (3, 3)),))
OBLONG = Stratum(
    "oblong", "kernels and images that are not square", separables(square=False),
    edges=(separable(2, 3, 4, (6, 5), (3, 2)), separable(1, 2, 3, (4, 7), (1, 4))),
)  # fmt: skip
### BEGIN HIDDEN TESTS
MIXED = Stratum(
    "mixed", "all of it together", residuals(kernel=ODD, square=False), hidden=True,
    edges=(residual(2, 3, 4, (6, 5), (3, 5)), residual(3, 4, 2, (2, 7), (1, 3))),
)  # fmt: skip
WIDE = Stratum(
    "wide", "images that are not square", inceptions(batch=few, square=False), hidden=True,
    edges=(inception((2, 3, 4, 6), 2, 3, 1, 2, 3, 4), inception((3, 2, 7, 1), 1, 1, 2, 2, 1, 3)),
)  # fmt: skip
SAME_COUNT = Stratum(
    "same-count", "as many channels out as in", hidden=True, count=4,
    sizes=st.tuples(few, st.integers(2, 4)).map(lambda nc: separable(nc[0], nc[1], nc[1], (5, 4), (2, 3))),
)  # fmt: skip
### END HIDDEN TESTS


@law(RESIDUAL, USUAL)
def identity_at_zero(student: Student, case: LayerCase) -> None:
    """With weights and biases of zero, the block returns its input."""
    zeros = {name: 0 * case[name] for name in ("w1", "b1", "w2", "b2")}
    RESIDUAL.same("out", RESIDUAL.run(student, case, **zeros)["out"], case["x"])


@law(SEPARABLE, SQUARE)
def channels_add(student: Student, case: LayerCase) -> None:
    """Each channel contributes on its own: with w_point 0 for all others, the rest of the image does not matter."""
    alone = case["w_point"] * ([1] + [0] * (case["x"].shape[1] - 1))
    other = case["x"].copy()
    other[:, 1:] += 7
    out = SEPARABLE.run(student, case, w_point=alone)["out"]
    SEPARABLE.same("out", SEPARABLE.run(student, case, w_point=alone, x=other)["out"], out)


UNIT = Unit(
    path="convnets/blocks",
    title="Residual, inception, separable blocks",
    borrows=("conv2d_forward", "max_pool2d_forward", "relu_forward"),
    checks=(
        *layer_checks(
            RESIDUAL,
            forward={
                USUAL: 2, KERNELS: 1,
                ### BEGIN HIDDEN TESTS
                MIXED: 2,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            INCEPTION,
            forward={
                ONE: 3, SEVERAL: 1,
                ### BEGIN HIDDEN TESTS
                WIDE: 2,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            SEPARABLE,
            forward={
                SQUARE: 2, OBLONG: 1,
                ### BEGIN HIDDEN TESTS
                SAME_COUNT: 1,
                ### END HIDDEN TESTS
            },
        ),
        identity_at_zero, channels_add,
    ),
)  # fmt: skip

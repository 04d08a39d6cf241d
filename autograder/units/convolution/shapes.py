"""Checks for convolution/shapes: sizes, parameters, activations, multiply-adds and receptive fields."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from autograder.errors import Mismatch, Raised
from autograder.judging.cases import Cases
from autograder.judging.checks import check
from autograder.judging.kinds import PLAIN
from autograder.judging.layer_case import Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.strategies import small
from autograder.model import Student, Unit
from reference.convolution import shapes as oracle
from reference.convolution.shapes import Shape, alexnet, keras_lenet, lenet5, vgg

VGG_INPUT = (3, 224, 224)


def axis(n: int, f: int, stride: int = 1, padding: int = 0, ceil_mode: bool = False, strict: bool = False) -> Sizes:
    options = {"stride": stride, "padding": padding, "ceil_mode": ceil_mode, "strict": strict}
    return Sizes(options=options, values={"n": n, "f": f})


@st.composite
def axes(
    draw: DrawFn,
    *,
    stride: SearchStrategy[int] = st.just(1),
    ceil_mode: SearchStrategy[bool] = st.just(False),
    strict: bool = False,
) -> Sizes:
    """An axis and a window that fits; padding is at most half the window, as pooling in PyTorch wants it."""
    f, s, ceil = draw(st.integers(1, 7)), draw(stride), draw(ceil_mode)
    p = draw(st.integers(0, f // 2))
    n = max(1, f - 2 * p) + draw(st.integers(0, 12))
    n += -(n + 2 * p - f) % s if strict else 0
    return axis(n, f, s, p, ceil, strict)


def image(in_shape: Shape, k: int, f: int, stride: int = 1, padding: int = 0) -> Sizes:
    return Sizes(options={"stride": stride, "padding": padding}, values={"in_shape": in_shape, "k": k, "f": f})


@st.composite
def images(draw: DrawFn, least: int = 1, stride: SearchStrategy[int] = st.integers(1, 3)) -> Sizes:
    f, p, more = draw(st.integers(1, 5)), draw(st.integers(0, 2)), st.integers(least, least + 9)
    c, h, w, k = (draw(more) for _ in range(4))
    return image((c, h + f, w + f), k, f, draw(stride), p)


def filters(c_in: int, k: int, f: int, bias: bool = True) -> Sizes:
    return Sizes(options={"bias": bias}, values={"c_in": c_in, "k": k, "f": f})


@st.composite
def networks(draw: DrawFn, convolutions: SearchStrategy[int] = st.integers(1, 3)) -> tuple[list[oracle.Layer], Shape]:
    """A few convolutions, most with a pool behind them, and dense layers; and the shape of an image for them."""
    in_shape = shape = (draw(small), draw(st.integers(8, 14)), draw(st.integers(8, 14)))
    spec = []
    for _ in range(draw(convolutions)):
        kernel = draw(st.integers(1, min(3, *shape[1:])))
        spec.append(oracle.conv(shape[0], draw(small), kernel, draw(st.integers(1, 2)), draw(st.integers(0, 1))))
        shape = oracle.shape_after(spec[-1], shape)
        if min(shape[1:]) > 1 and draw(st.booleans()):
            spec.append(oracle.pool(2, draw(st.integers(1, 2))))
            shape = oracle.shape_after(spec[-1], shape)
    widths = draw(st.lists(st.integers(1, 9), max_size=2))
    return [*spec, *oracle.dense(oracle.volume(shape), *widths)], in_shape


def network(spec: list[oracle.Layer], **options: Any) -> Sizes:
    return Sizes(options=options, values={"spec": spec})


def on_image(spec: list[oracle.Layer], in_shape: Shape) -> Sizes:
    return Sizes(values={"spec": spec, "in_shape": in_shape})


def stack(*layers: tuple[int, int]) -> Sizes:
    return Sizes(values={"layers": list(layers)})


def stacks(least: int, most: int) -> SearchStrategy[Sizes]:
    layers = st.lists(st.tuples(small, st.integers(1, 3)), min_size=least, max_size=most)
    return layers.map(lambda drawn: stack(*drawn))


SIZE = Layer.of(
    forward="conv_output_size(n, f) -> size",
    oracle=oracle.conv_output_size,
    kind=PLAIN,
    conditions={
        "the windows do not tile": lambda v: (v["n"] + 2 * v["padding"] - v["f"]) % v["stride"] > 0,
        "the windows tile": lambda v: (v["n"] + 2 * v["padding"] - v["f"]) % v["stride"] == 0,
    },
)
SHAPE = Layer.of(forward="conv_output_shape(in_shape, k, f) -> shape", oracle=oracle.conv_output_shape, kind=PLAIN)
CONV_PARAMS = Layer.of(forward="count_conv_params(c_in, k, f) -> count", oracle=oracle.count_conv_params, kind=PLAIN)
PARAMS = Layer.of(forward="count_params(spec) -> count", oracle=oracle.count_params, kind=PLAIN)
ACTIVATIONS = Layer.of(
    forward="count_activations(spec, in_shape) -> count", oracle=oracle.count_activations, kind=PLAIN
)
MACS = Layer.of(forward="count_macs(spec, in_shape) -> count", oracle=oracle.count_macs, kind=PLAIN)
FIELD = Layer.of(forward="receptive_field(layers) -> size, jump", oracle=oracle.receptive_field, kind=PLAIN)

STRIDES = st.integers(2, 4)

ONE_BY_ONE = Stratum(
    "plain", "stride 1, with and without padding", axes(), edges=(axis(32, 5, 1, 2), axis(5, 3), axis(4, 4), axis(6, 1))
)
STRIDED = Stratum(
    "stride", "stride 2 to 4; some windows do not tile", axes(stride=STRIDES),
    edges=(
        axis(227, 11, 4, strict=True), axis(224, 11, 4), axis(224, 11, 4, 2), axis(98, 3, 3), axis(9, 3, 2, strict=True)
    ),
)  # fmt: skip
CEIL = Stratum(
    "ceil", "ceil_mode, where the last window may stick out", axes(stride=STRIDES, ceil_mode=st.just(True)),
    edges=(axis(98, 3, 3, 0, True), axis(3, 2, 3, 0, True), axis(3, 2, 2, 1, True), axis(6, 2, 2, 0, True)),
)  # fmt: skip
LECTURE_SHAPE = Stratum(
    "square", "square images, among them the lecture's",
    st.builds(lambda c, n, k: image((c, n, n), k, 3), small, st.integers(5, 12), st.integers(5, 9)),
    edges=(image((3, 32, 32), 10, 5, 1, 2), image((3, 227, 227), 96, 11, 4), image((1, 28, 28), 32, 5)),
)  # fmt: skip
SHAPES = Stratum("rectangular", "images that are not square, strides and padding", images())
FILTERS = Stratum(
    "layer", "one layer, with and without biases",
    st.builds(filters, st.integers(1, 9), st.integers(1, 9), st.integers(1, 5), st.booleans()),
    edges=(filters(3, 10, 5), filters(3, 10, 5, False), filters(64, 128, 3), filters(256, 512, 1)),
)  # fmt: skip
LECTURE_NETWORKS = Stratum(
    "lectures", "LeNet-5, the Keras code, AlexNet, VGG-16",
    st.builds(network, st.sampled_from((lenet5(), keras_lenet(), alexnet())), bias=st.booleans()), count=2,
    edges=(
        network(lenet5(), bias=True), network(keras_lenet(), bias=True), network(vgg(), bias=False),
        network(vgg(), bias=True), network(vgg(padding=0, first_dense=512), bias=True),
    ),
)  # fmt: skip
SMALL_NETWORKS = Stratum(
    "small", "small networks, with and without biases",
    st.builds(lambda drawn, bias: network(drawn[0], bias=bias), networks(), st.booleans()),
    edges=(network(oracle.dense(5, 3), bias=True), network([oracle.pool(2, 2)], bias=True)),
)  # fmt: skip
ON_LECTURE_IMAGES = (
    on_image(lenet5(), (1, 32, 32)), on_image(keras_lenet(), (1, 28, 28)), on_image(vgg(), VGG_INPUT),
    on_image(vgg()[:-3], VGG_INPUT), on_image(vgg(padding=0, first_dense=512), VGG_INPUT),
)  # fmt: skip
ON_IMAGES = Stratum(
    "networks", "small networks, and those of the lectures", st.builds(lambda drawn: on_image(*drawn), networks()),
    edges=ON_LECTURE_IMAGES,
)  # fmt: skip
STACKS = Stratum(
    "stack", "a few layers", stacks(1, 4),
    edges=(stack((3, 1), (3, 1)), stack((3, 1), (2, 2), (3, 1)), stack((5, 1), (2, 2), (5, 1), (2, 2))),
)  # fmt: skip
### BEGIN HIDDEN TESTS
MIXED = Stratum(
    "combined", "stride, padding, ceil_mode and strict together", hidden=True, count=12,
    sizes=st.one_of(
        axes(stride=st.integers(1, 4), ceil_mode=st.booleans()),
        axes(stride=st.integers(1, 4), ceil_mode=st.booleans(), strict=True),
    ),
)  # fmt: skip
LARGE_SHAPES = Stratum("large", "larger images", images(20), hidden=True)
WIDE = Stratum(
    "wide", "wide layers", hidden=True,
    sizes=st.builds(filters, st.integers(10, 600), st.integers(10, 600), st.integers(1, 11), st.booleans()),
)  # fmt: skip
ALL_VGG = Stratum(
    "vgg", "VGG A to E, with and without biases", hidden=True,
    sizes=st.builds(network, st.sampled_from("ABCDE").map(vgg), bias=st.booleans()),
    edges=tuple(network(vgg(config), bias=True) for config in "ABCDE"),
)  # fmt: skip
DEEP = Stratum(
    "deep", "deeper networks", st.builds(lambda drawn: on_image(*drawn), networks(st.integers(4, 6))), hidden=True,
    edges=(on_image(alexnet(), (3, 227, 227)), on_image(vgg("C"), VGG_INPUT)),
)  # fmt: skip
TALL = Stratum(
    "tall", "five layers and more", stacks(5, 8), hidden=True,
    edges=(stack(*((layer["kernel"], layer["stride"]) for layer in vgg()[:-3])),),
)  # fmt: skip
### END HIDDEN TESTS


@st.composite
def not_tiled(draw: DrawFn) -> tuple[int, int, int, int]:
    f, s, p = draw(small), draw(STRIDES), draw(st.integers(0, 2))
    return draw(st.integers(1, 5)) * s + f - 2 * p + draw(st.integers(1, s - 1)) + 4 * s, f, s, p


NOT_TILED = Cases("conv_output_size.not-tiled", not_tiled(), edges=((224, 11, 4, 0), (98, 3, 3, 0), (6, 3, 2, 1)))


@check("conv_output_size", given=NOT_TILED, points=1)
def strict(student: Student, case: tuple[int, int, int, int]) -> None:
    """conv_output_size raises ValueError when asked to be strict about windows that do not tile."""
    n, f, stride, padding = case
    try:
        size = student.call("conv_output_size", n, f, stride=stride, padding=padding, strict=True)
    except Raised as error:
        if error.exception == "ValueError":
            return
        raise
    call = f"conv_output_size({n}, {f}, stride={stride}, padding={padding}, strict=True)"
    rest = (n + 2 * padding - f) % stride
    raise Mismatch(f"{call} is {size!r}, but should raise ValueError: {rest} of {n + 2 * padding} pixels are left over")


UNIT = Unit(
    path="convolution/shapes",
    title="Shapes, parameters and costs",
    checks=(
        *layer_checks(
            SIZE,
            forward={
                ONE_BY_ONE: 1, STRIDED: 1, CEIL: 1,
                ### BEGIN HIDDEN TESTS
                MIXED: 1,
                ### END HIDDEN TESTS
            },
            advice=False,
        ),
        strict,
        *layer_checks(
            SHAPE,
            forward={
                LECTURE_SHAPE: 1, SHAPES: 1,
                ### BEGIN HIDDEN TESTS
                LARGE_SHAPES: 1,
                ### END HIDDEN TESTS
            },
            advice=False,
        ),
        *layer_checks(
            CONV_PARAMS,
            forward={
                FILTERS: 1,
                ### BEGIN HIDDEN TESTS
                WIDE: 1,
                ### END HIDDEN TESTS
            },
            advice=False,
        ),
        *layer_checks(
            PARAMS,
            forward={
                SMALL_NETWORKS: 1, LECTURE_NETWORKS: 1,
                ### BEGIN HIDDEN TESTS
                ALL_VGG: 1,
                ### END HIDDEN TESTS
            },
            advice=False,
        ),
        *(
            counted
            for layer in (ACTIVATIONS, MACS)
            for counted in layer_checks(
                layer,
                forward={
                    ON_IMAGES: 1,
                    ### BEGIN HIDDEN TESTS
                    DEEP: 1,
                    ### END HIDDEN TESTS
                },
                advice=False,
            )
        ),
        *layer_checks(
            FIELD,
            forward={
                STACKS: {"size": 1, "jump": 1},
                ### BEGIN HIDDEN TESTS
                TALL: {"size": 1},
                ### END HIDDEN TESTS
            },
            advice=False,
        ),
    ),
)  # fmt: skip

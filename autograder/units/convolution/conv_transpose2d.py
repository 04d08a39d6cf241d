"""Checks for convolution/conv_transpose2d: a transposed convolution layer, and the filter that interpolates."""

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from autograder.judging.checks import law
from autograder.judging.compare import EXACT
from autograder.judging.kinds import MULTILINEAR, PLAIN, PRECISE
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.strategies import few, small
from autograder.model import Student, Unit
from reference.convolution import conv_transpose2d as oracle


@st.composite
def layers(
    draw: DrawFn,
    *,
    batch: SearchStrategy[int] = few,
    stride: SearchStrategy[int] = st.just(1),
    padding: SearchStrategy[int] = st.just(0),
    extra: bool = False,
    square: bool = True,
) -> Sizes:
    """A small layer whose output has at least one pixel; `extra` asks for output_padding where the stride allows it."""
    n, c, f, kh, s, p = (draw(axis) for axis in (batch, few, few, small, stride, padding))
    kw = kh if square else draw(small)
    more = draw(st.integers(1, s - 1)) if extra and s > 1 else 0
    rows = draw(_enough(kh, s, p, more))
    columns = rows if square else draw(_enough(kw, s, p, more))
    return layer(n, c, f, (rows, columns), (kh, kw), s, p, more)


def _enough(kernel: int, stride: int, padding: int, more: int) -> SearchStrategy[int]:
    """A side of the image, long enough for something to be left of the canvas."""
    least = 1 + max(0, -(-(2 * padding + 1 - kernel - more) // stride))
    return st.integers(least, least + 3)


def layer(
    n: int,
    c: int,
    f: int,
    image: tuple[int, int],
    kernel: tuple[int, int],
    stride: int = 1,
    padding: int = 0,
    output_padding: int = 0,
) -> Sizes:
    """The sizes of one layer, in the order N, C, F, (H, W), (KH, KW)."""
    arrays = {"x": (n, c, *image), "w": (c, f, *kernel), "b": (f,)}
    return Sizes(arrays, {"stride": stride, "padding": padding, "output_padding": output_padding})


CONV_TRANSPOSE2D = Layer.of(
    forward="conv_transpose2d_forward(x, w, b) -> out",
    backward="conv_transpose2d_backward(dout, x, w) -> dx, dw, db",
    oracle=oracle.conv_transpose2d_forward,
    kind=MULTILINEAR,
    axes={"x": "N C H W", "w": "C F KH KW", "b": "F", "out": "N F H' W'"},
    conditions={
        "the kernel is larger than 1 x 1": lambda v: v["KH"] > 1 or v["KW"] > 1,
        "stamps overlap": lambda v: v["stride"] < v["KH"] or v["stride"] < v["KW"],
        "stamps leave gaps": lambda v: v["stride"] > v["KH"] or v["stride"] > v["KW"],
        "there is more than one stamp": lambda v: v["H"] * v["W"] > 1,
        "C ≠ F": lambda v: v["C"] != v["F"],
    },
)
BILINEAR = Layer.of(
    forward="bilinear_kernel(factor, channels) -> w",
    oracle=oracle.bilinear_kernel,
    kind=PLAIN,
    axes={"w": "C F KH KW"},
    conditions={"factor is even": lambda v: v["factor"] % 2 == 0, "factor is odd": lambda v: v["factor"] % 2 == 1},
)

PLAIN_STAMPS = Stratum(
    "plain", "square images and kernels, stride 1, no padding", layers(),
    edges=(layer(1, 1, 1, (3, 3), (2, 2)), layer(2, 3, 2, (2, 2), (3, 3))),
)  # fmt: skip
STRIDE = Stratum(
    "stride", "stride 2 or 3", layers(stride=st.integers(2, 3)),
    edges=(layer(2, 3, 2, (3, 3), (3, 3), 2), layer(1, 2, 3, (3, 3), (2, 2), 3)),
)  # fmt: skip
PADDING = Stratum(
    "padding", "padding 1 or 2, cut off the canvas", layers(padding=st.integers(1, 2), stride=st.integers(1, 2)),
    edges=(layer(2, 3, 2, (3, 3), (3, 3), padding=1), layer(1, 2, 3, (4, 4), (2, 2), 2, 2)),
)  # fmt: skip
EXTRA = Stratum(
    "output-padding", "output_padding, with and without padding",
    layers(stride=st.integers(2, 3), padding=st.integers(0, 1), extra=True),
    edges=(layer(2, 3, 2, (3, 3), (3, 3), 2, 1, 1), layer(1, 2, 3, (2, 2), (2, 2), 3, 0, 2)),
)  # fmt: skip
RECTANGULAR = Stratum(
    "rectangular", "images and kernels that are not square", layers(square=False, stride=st.integers(1, 2)),
    edges=(layer(2, 3, 4, (3, 4), (3, 2)), layer(3, 2, 1, (2, 3), (1, 4), 2), layer(1, 2, 3, (3, 2), (4, 1))),
)  # fmt: skip
### BEGIN HIDDEN TESTS
COMBINED = Stratum(
    "combined", "stride, padding, output_padding and shapes that are not square, together", hidden=True, count=12,
    sizes=layers(square=False, stride=st.integers(1, 3), padding=st.integers(0, 2), extra=True),
    edges=(layer(2, 3, 4, (3, 4), (3, 2), 2, 1, 1), layer(3, 2, 2, (4, 3), (2, 3), 3, 1, 2)),
)  # fmt: skip
PRECISION = Stratum(
    "precision", "float64 in, float64 precision out", hidden=True, kind=PRECISE, count=4,
    sizes=layers(square=False, stride=st.integers(1, 2)),
)  # fmt: skip
### END HIDDEN TESTS


@st.composite
def enlargements(draw: DrawFn, factor: SearchStrategy[int], channels: SearchStrategy[int]) -> Sizes:
    return enlargement(draw(factor), draw(channels))


def enlargement(factor: int, channels: int) -> Sizes:
    return Sizes(values={"factor": factor, "channels": channels})


TENTS = Stratum("tent", "one channel, factors 1 to 5", enlargements(st.integers(1, 5), st.just(1)))
CHANNELS = Stratum(
    "channels", "several channels, each enlarged on its own", enlargements(st.integers(2, 4), st.integers(2, 4)),
    edges=(enlargement(2, 3), enlargement(3, 2)),
)  # fmt: skip
### BEGIN HIDDEN TESTS
LARGE = Stratum("large", "factors 6 to 9", enlargements(st.integers(6, 9), st.integers(1, 3)), hidden=True, count=4)
### END HIDDEN TESTS


@law(CONV_TRANSPOSE2D, STRIDE)
def stamps_the_kernel(student: Student, case: LayerCase) -> None:
    """A single 1 in the image stamps the filter of its channel into the canvas."""
    alone = case["x"][:1] * 0
    alone[0, 0, 0, 0] = 1
    out = CONV_TRANSPOSE2D.run(student, case, x=alone, b=0 * case["b"])["out"]
    kh, kw = case["w"].shape[2:]
    CONV_TRANSPOSE2D.same("the stamp", out[0, :, :kh, :kw], case["w"][0], EXACT)


@law(CONV_TRANSPOSE2D, PLAIN_STAMPS)
def bias_adds(student: Student, case: LayerCase) -> None:
    """The bias adds b[f] to every position of feature map f, once."""
    with_bias = CONV_TRANSPOSE2D.run(student, case)["out"]
    without = CONV_TRANSPOSE2D.run(student, case, b=0 * case["b"])["out"]
    CONV_TRANSPOSE2D.same("out", with_bias - without, 0 * without + case["b"][:, None, None], EXACT)


@law(CONV_TRANSPOSE2D, RECTANGULAR, functions=("conv_transpose2d_backward", "conv_transpose2d_forward"))
def adjoint(student: Student, case: LayerCase) -> None:
    """<out, dout> equals <x, dx> without bias: the backward pass is the transpose of the forward pass."""
    out = CONV_TRANSPOSE2D.run(student, case, b=0 * case["b"])["out"]
    dx = CONV_TRANSPOSE2D.run_backward(student, case)["x"]
    CONV_TRANSPOSE2D.same("<x, dx>", (case["x"] * dx).sum(), (out * case.upstream["out"]).sum(), EXACT)


UNIT = Unit(
    path="convolution/conv_transpose2d",
    title="Transposed convolution",
    checks=(
        *layer_checks(
            CONV_TRANSPOSE2D,
            forward={
                PLAIN_STAMPS: 1, STRIDE: 2, PADDING: 1, EXTRA: 1, RECTANGULAR: 1,
                ### BEGIN HIDDEN TESTS
                COMBINED: 2, PRECISION: 1,
                ### END HIDDEN TESTS
            },
            backward={
                PLAIN_STAMPS: {"dx": 1, "dw": 1, "db": 1}, STRIDE: {"dx": 1}, PADDING: {"dx": 1},
                RECTANGULAR: {"dw": 1},
                ### BEGIN HIDDEN TESTS
                COMBINED: {"dx": 1, "dw": 1},
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            BILINEAR,
            forward={
                TENTS: 1, CHANNELS: 1,
                ### BEGIN HIDDEN TESTS
                LARGE: 1,
                ### END HIDDEN TESTS
            },
            advice=False,
        ),
        stamps_the_kernel, bias_adds, adjoint,
    ),
)  # fmt: skip

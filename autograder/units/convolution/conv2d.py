"""Checks for convolution/conv2d: a 2-D convolution layer, forward and backward."""

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from autograder.judging.checks import law
from autograder.judging.compare import EXACT
from autograder.judging.kinds import MULTILINEAR, PRECISE, REALS
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.strategies import at_least, by_default, enough, few, small, tiled
from autograder.model import Student, Unit
from reference.convolution import conv2d as oracle


@st.composite
def layers(
    draw: DrawFn,
    *,
    batch: SearchStrategy[int] = few,
    stride: SearchStrategy[int] = st.just(1),
    padding: SearchStrategy[int] = st.just(0),
    square: bool = True,
    left_over: bool = False,
) -> Sizes:
    """A small layer whose windows tile the image, unless pixels are to be left over."""
    n, c, f, kh, s, p = (draw(axis) for axis in (batch, few, few, small, stride, padding))
    kw = kh if square else draw(small)
    rest = draw(st.integers(1, s - 1)) if left_over else 0
    rows = draw(at_least(enough(kh, s, p)))
    columns = rows if square else draw(at_least(enough(kw, s, p)))
    return layer(n, c, f, (tiled(rows, kh, s, p, rest), tiled(columns, kw, s, p, rest)), (kh, kw), s, p)


def layer(
    n: int, c: int, f: int, image: tuple[int, int], kernel: tuple[int, int], stride: int = 1, padding: int = 0
) -> Sizes:
    """The sizes of one layer, in the order N, C, F, (H, W), (KH, KW)."""
    arrays = {"x": (n, c, *image), "w": (f, c, *kernel), "b": (f,)}
    return Sizes(arrays, {"stride": stride, "padding": padding})


CONV2D = Layer.of(
    forward="conv2d_forward(x, w, b) -> out",
    backward="conv2d_backward(dout, x, w) -> dx, dw, db",
    oracle=oracle.conv2d_forward,
    kind=MULTILINEAR,
    axes={"x": "N C H W", "w": "F C KH KW", "b": "F", "out": "N F H' W'"},
    conditions={
        "the kernel is 1 x 1": lambda v: v["KH"] == v["KW"] == 1,
        "the kernel is larger than 1 x 1": lambda v: v["KH"] > 1 or v["KW"] > 1,
        "there is more than one window": lambda v: v["H'"] * v["W'"] > 1,
        "windows overlap": lambda v: v["stride"] < v["KH"] or v["stride"] < v["KW"],
        "H or W leaves pixels over": lambda v: any(
            (v[side] + 2 * v["padding"] - v[kernel]) % v["stride"] for side, kernel in (("H", "KH"), ("W", "KW"))
        ),
    },
)
PAD2D = Layer.of(
    forward="pad2d(x) -> xp", oracle=oracle.pad2d, kind=MULTILINEAR, axes={"x": "N C H W", "xp": "N C H' W'"}
)
IM2COL = Layer.of(forward="im2col(x) -> cols", oracle=oracle.im2col, kind=MULTILINEAR, axes={"x": "N C H W"})

ONE, SOME = st.just(1), st.integers(1, 2)

PLAIN = Stratum(
    "plain", "one square image at a time, stride 1, no padding", layers(batch=ONE),
    edges=(layer(1, 1, 1, (5, 5), (3, 3)), by_default(layer(1, 3, 2, (4, 4), (2, 2)))), count=6,
)  # fmt: skip
PADDING = Stratum(
    "padding", "padding 1 or 2, square images", layers(padding=SOME), count=6,
    edges=(layer(2, 3, 4, (5, 5), (3, 3), padding=1), layer(1, 2, 3, (4, 4), (2, 2), padding=2)),
)  # fmt: skip
STRIDE = Stratum(
    "stride", "stride 2 or 3, no padding", layers(stride=st.integers(2, 3)), count=6,
    edges=(layer(2, 3, 4, (7, 7), (3, 3), 2), layer(2, 1, 3, (7, 7), (1, 1), 3)),
)  # fmt: skip
BATCH = Stratum(
    "batch", "several images, channels and filters", layers(batch=st.integers(2, 4)), count=6,
    edges=(layer(4, 3, 2, (5, 5), (3, 3)), layer(2, 3, 4, (3, 3), (2, 2))),
)  # fmt: skip
RECTANGULAR = Stratum(
    "rectangular", "images and kernels that are not square", layers(square=False, padding=st.integers(0, 1)), count=6,
    edges=(layer(2, 3, 4, (6, 5), (3, 2)), layer(3, 2, 1, (4, 7), (1, 4)), layer(1, 2, 3, (7, 4), (4, 1))),
)  # fmt: skip
### BEGIN HIDDEN TESTS
COMBINED = Stratum(
    "combined", "stride, padding and shapes that are not square, together",
    layers(square=False, stride=st.integers(1, 3), padding=st.integers(0, 2)), hidden=True, count=10,
    edges=(
        layer(2, 3, 4, (7, 6), (3, 2), 2, 1), layer(3, 2, 5, (8, 9), (2, 3), 3, 2),
        layer(1, 2, 3, (6, 8), (2, 4), 2, 0),
    ),
)  # fmt: skip
LEFT_OVER = Stratum(
    "left-over", "pixels at the edge that no window covers", hidden=True, count=6,
    sizes=layers(square=False, stride=st.integers(2, 3), padding=st.integers(0, 1), left_over=True),
    edges=(layer(2, 3, 4, (6, 8), (3, 2), 2), layer(1, 2, 3, (7, 6), (2, 3), 3, 1)),
)  # fmt: skip
REAL = Stratum(
    "reals", "real numbers on scales from 1e-4 to 1e4", hidden=True, kind=REALS, count=6,
    sizes=layers(square=False, stride=st.integers(1, 2), padding=st.integers(0, 1)),
)  # fmt: skip
PRECISION = Stratum(
    "precision", "float64 in, float64 precision out", hidden=True, kind=PRECISE, count=4,
    sizes=layers(square=False, stride=st.integers(1, 2), padding=st.integers(0, 1)),
)  # fmt: skip
### END HIDDEN TESTS


@st.composite
def padded(draw: DrawFn) -> Sizes:
    n, c, h, w = (draw(few) for _ in range(4))
    return Sizes({"x": (n, c, h, w)}, {"padding": draw(st.integers(0, 2))})


@st.composite
def unrolled(draw: DrawFn) -> Sizes:
    sizes = draw(layers(square=False, stride=SOME, padding=st.integers(0, 1)))
    *_, kh, kw = sizes.arrays["w"]
    return Sizes({"x": sizes.arrays["x"]}, {"kh": kh, "kw": kw, **sizes.options})


PADS = Stratum(
    "zeros",
    "zeros around height and width only",
    padded(),
    edges=(Sizes({"x": (2, 3, 4, 5)}, {"padding": 1}),),
)
ROWS = Stratum("rows", "one row a window, C * KH * KW columns", unrolled())


@law(CONV2D, BATCH)
def batch_independent(student: Student, case: LayerCase) -> None:
    """Each image gives the same output alone as in a batch."""
    whole = CONV2D.run(student, case)["out"]
    alone = CONV2D.run(student, case, x=case["x"][:1])["out"]
    CONV2D.same("out", alone, whole[:1], EXACT)


@law(CONV2D, STRIDE)
def stride_subsamples(student: Student, case: LayerCase) -> None:
    """Stride s keeps every s-th row and column of the output for stride 1."""
    out = CONV2D.run(student, case)["out"]
    dense = CONV2D.run(student, case, stride=1)["out"]
    CONV2D.same("out", out, dense[:, :, :: case["stride"], :: case["stride"]], EXACT)


@law(CONV2D, PLAIN)
def bias_adds(student: Student, case: LayerCase) -> None:
    """The bias adds b[f] to every position of filter f, once."""
    with_bias = CONV2D.run(student, case)["out"]
    without = CONV2D.run(student, case, b=0 * case["b"])["out"]
    CONV2D.same("out", with_bias - without, 0 * without + case["b"][:, None, None], EXACT)


@law(CONV2D, RECTANGULAR, functions=("conv2d_backward", "conv2d_forward"))
def adjoint(student: Student, case: LayerCase) -> None:
    """<conv(x), dout> equals <x, dx> without bias: the backward pass is the transpose of the forward pass."""
    out = CONV2D.run(student, case, b=0 * case["b"])["out"]
    dx = CONV2D.run_backward(student, case)["x"]
    CONV2D.same("<x, dx>", (case["x"] * dx).sum(), (out * case.upstream["out"]).sum(), EXACT)


UNIT = Unit(
    path="convolution/conv2d",
    title="2-D convolution layer",
    checks=(
        *layer_checks(PAD2D, forward={PADS: 3}),
        *layer_checks(
            CONV2D,
            forward={
                PLAIN: 4, STRIDE: 3, PADDING: 3, BATCH: 2, RECTANGULAR: 2,
                ### BEGIN HIDDEN TESTS
                COMBINED: 3, LEFT_OVER: 1, REAL: 1, PRECISION: 1,
                ### END HIDDEN TESTS
            },
            backward={
                PLAIN: {"dx": 2, "dw": 1, "db": 1},
                STRIDE: {"dx": 2, "dw": 1},
                PADDING: {"dx": 2, "dw": 1},
                BATCH: {"dx": 1, "dw": 1, "db": 1},
                RECTANGULAR: {"dx": 1, "dw": 1},
                ### BEGIN HIDDEN TESTS
                COMBINED: {"dx": 2, "dw": 1, "db": 1},
                REAL: {"dx": 1},
                PRECISION: {"dx": 1, "dw": 1},
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(IM2COL, forward={ROWS: 5}, bonus=True),
        batch_independent, stride_subsamples, bias_adds, adjoint,
    ),
)  # fmt: skip

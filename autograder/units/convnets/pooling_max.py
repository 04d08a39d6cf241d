"""The checks of convnets/pooling for max pooling, and the sizes that all pooling layers draw."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from autograder.errors import Mismatch
from autograder.judging.checks import check, law
from autograder.judging.compare import EXACT, compare, expect_array
from autograder.judging.kinds import NEGATIVE, PIECEWISE, TIES
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.strategies import at_least, enough, few, tiled
from autograder.model import Student
from reference.convnets import pooling as oracle


@st.composite
def pools(
    draw: DrawFn,
    *,
    window: SearchStrategy[int] = st.integers(1, 3),
    square: bool = True,
    stride: str = "pool",
    padding: bool = False,
    left_over: bool = False,
    ceil_mode: SearchStrategy[bool] = st.just(False),
) -> Sizes:
    """A small pooling layer; `stride` is as large as the window ("pool"), "below" it, "above" it, or "any"."""
    n, c, kh = draw(few), draw(few), draw(window)
    kw = kh if square else draw(window)
    step = draw({
        "pool": st.just(None),
        "below": st.integers(1, max(1, min(kh, kw) - 1)),
        "above": st.integers(max(kh, kw) + 1, max(kh, kw) + 2),
        "any": st.integers(1, 3),
    }[stride])  # fmt: skip
    p = draw(st.integers(0, min(kh, kw) // 2)) if padding else 0
    image = [_side(draw, k, k if step is None else step, p, left_over) for k in (kh, kw)]
    if square:
        image[1] = image[0]
    options = {"pool": kh if square else (kh, kw), "stride": step, "padding": p, "ceil_mode": draw(ceil_mode)}
    return Sizes({"x": (n, c, *image)}, options)


def _side(draw: DrawFn, window: int, stride: int, padding: int, left_over: bool) -> int:
    rest = draw(st.integers(1, stride - 1)) if left_over and stride > 1 else 0
    return tiled(draw(at_least(enough(window, stride, padding))), window, stride, padding, rest)


def pool(
    n: int,
    c: int,
    h: int,
    w: int,
    pool: Any = 2,
    stride: int | None = None,
    padding: int = 0,
    ceil_mode: bool = False,
) -> Sizes:
    """The sizes of one pooling layer."""
    return Sizes({"x": (n, c, h, w)}, {"pool": pool, "stride": stride, "padding": padding, "ceil_mode": ceil_mode})


def _pair(pool: int | tuple[int, int]) -> tuple[int, int]:
    return (pool, pool) if isinstance(pool, int) else (pool[0], pool[1])


def _stride(options: Mapping[str, Any]) -> tuple[int, int]:
    return _pair(options["pool"] if options["stride"] is None else options["stride"])


MAX_POOL2D = Layer.of(
    forward="max_pool2d_forward(x) -> out",
    backward="max_pool2d_backward(dout, x) -> dx",
    oracle=oracle.max_pool2d_forward,
    kind=PIECEWISE,
    axes={"x": "N C H W", "out": "N C H' W'"},
    conditions={
        "there is more than one window": lambda v: v["H'"] * v["W'"] > 1,
        "windows overlap": lambda v: _stride(v)[0] < _pair(v["pool"])[0] or _stride(v)[1] < _pair(v["pool"])[1],
        "stride is not the window": lambda v: _stride(v) != _pair(v["pool"]),
        "the window is not square": lambda v: _pair(v["pool"])[0] != _pair(v["pool"])[1],
        "the window is larger than 1 x 1": lambda v: _pair(v["pool"]) != (1, 1),
    },
)

PLAIN = Stratum("plain", "square windows side by side", pools(), edges=(pool(1, 1, 4, 4), pool(2, 3, 6, 6, 3)))
OVERLAP = Stratum(
    "overlap", "a stride smaller than the window", pools(window=st.integers(2, 4), stride="below"),
    edges=(pool(2, 3, 5, 5, 3, 1), pool(1, 2, 7, 7, 3, 2)),
)  # fmt: skip
GAPS = Stratum(
    "gaps",
    "a stride larger than the window",
    pools(stride="above"),
    edges=(pool(2, 3, 6, 6, 2, 4), pool(1, 2, 7, 7, 1, 3)),
)
RECTANGULAR = Stratum(
    "rectangular", "windows and images that are not square", pools(square=False),
    edges=(pool(2, 3, 6, 4, (3, 2)), pool(2, 1, 4, 9, (1, 3)), pool(1, 2, 8, 3, (4, 1))),
)  # fmt: skip
NEGATIVES = Stratum("negative", "images below zero throughout", pools(padding=True), kind=NEGATIVE, count=6)
PADDING = Stratum(
    "padding", "padding up to half the window", pools(window=st.integers(2, 4), padding=True),
    edges=(pool(2, 3, 4, 4, 2, 2, 1), pool(1, 2, 5, 5, 3, 2, 1)),
)  # fmt: skip
### BEGIN HIDDEN TESTS
COMBINED = Stratum(
    "combined", "stride, padding and shapes together",
    pools(square=False, stride="any", padding=True), hidden=True, count=12,
    edges=(pool(2, 3, 7, 6, (3, 2), 1, 1), pool(1, 2, 5, 9, (2, 3), 2, 1)),
)  # fmt: skip
LEFT_OVER = Stratum(
    "left-over", "pixels at the edge that no window covers", pools(square=False, stride="any", left_over=True),
    hidden=True, count=6, edges=(pool(2, 3, 5, 7, 2), pool(1, 2, 8, 6, (3, 2), 2)),
)  # fmt: skip
CEIL = Stratum(
    "ceil", "ceil_mode, with windows that reach over the edge", hidden=True, count=8,
    sizes=pools(square=False, stride="any", padding=True, left_over=True, ceil_mode=st.just(True)),
    edges=(pool(2, 3, 5, 7, 2, ceil_mode=True), pool(1, 2, 98, 98, 3, ceil_mode=True), pool(1, 2, 4, 6, 3, 3, 1, True)),
)  # fmt: skip
TIED = Stratum("ties", "several maxima in one window", pools(window=st.integers(2, 3), square=False), hidden=True)


@check("max_pool2d_backward", given=MAX_POOL2D.cases(TIED, "ties", TIES), points=1, hidden=True)
def ties(student: Student, case: LayerCase) -> None:
    """max_pool2d_backward sends the whole of dout to one or several of the tied maxima, not to each of them."""
    dx = MAX_POOL2D.run_backward(student, case)["x"]
    expect_array("dx", dx, case["x"])
    sent, dout = _windows(dx, case), case.upstream["out"]
    compare("dx", dx, np.where(_is_maximum(case["x"], case), dx, 0.0), EXACT)
    compare("dx summed over each window", sent.sum((-2, -1)), dout, EXACT)
    if ((sent * np.sign(dout)[..., None, None]) < -EXACT).any():
        raise Mismatch("dx has the opposite sign of dout somewhere", result="dx")


def _windows(x: np.ndarray[Any, Any], case: LayerCase) -> np.ndarray[Any, Any]:
    """Non-overlapping windows of `x`, of shape (N, C, H', W', KH, KW)."""
    kh, kw = _pair(case["pool"])
    n, c, h, w = x.shape
    return x.reshape(n, c, h // kh, kh, w // kw, kw).swapaxes(3, 4)


def _is_maximum(x: np.ndarray[Any, Any], case: LayerCase) -> np.ndarray[Any, Any]:
    windows = _windows(x, case)
    maxima = windows == windows.max((-2, -1), keepdims=True)
    return np.asarray(maxima.swapaxes(3, 4).reshape(x.shape))


### END HIDDEN TESTS


@law(MAX_POOL2D, RECTANGULAR)
def shift(student: Student, case: LayerCase) -> None:
    """Adding a constant to the image adds it to every maximum."""
    out = MAX_POOL2D.run(student, case)["out"]
    MAX_POOL2D.same("out", MAX_POOL2D.run(student, case, x=case["x"] + 4096)["out"] - 4096, out)


@law(MAX_POOL2D, OVERLAP)
def channels_apart(student: Student, case: LayerCase) -> None:
    """Each channel is pooled on its own."""
    out = MAX_POOL2D.run(student, case)["out"]
    MAX_POOL2D.same("out", MAX_POOL2D.run(student, case, x=case["x"][:, :1])["out"], out[:, :1])


@law(MAX_POOL2D, OVERLAP, functions=("max_pool2d_backward",))
def mass(student: Student, case: LayerCase) -> None:
    """Nothing of dout is lost or made: the sum of dx is the sum of dout."""
    dx = MAX_POOL2D.run_backward(student, case)["x"]
    MAX_POOL2D.same("sum of dx", dx.sum(), case.upstream["out"].sum())


@law(MAX_POOL2D, OVERLAP, functions=("max_pool2d_backward",))
def euler(student: Student, case: LayerCase) -> None:
    """<dx, x> equals <dout, out>: each share of dout arrives at the pixel that won."""
    dx = MAX_POOL2D.run_backward(student, case)["x"]
    MAX_POOL2D.same("<dx, x>", (dx * case["x"]).sum(), (case.upstream["out"] * case.expected["out"]).sum())


MAX_CHECKS = (
    *layer_checks(
        MAX_POOL2D,
        forward={
            PLAIN: 2, OVERLAP: 1, GAPS: 1, RECTANGULAR: 1, NEGATIVES: 1, PADDING: 1,
            ### BEGIN HIDDEN TESTS
            COMBINED: 1, LEFT_OVER: 1, CEIL: 1,
            ### END HIDDEN TESTS
        },
        backward={
            PLAIN: {"dx": 2}, OVERLAP: {"dx": 2}, RECTANGULAR: {"dx": 1}, PADDING: {"dx": 1},
            ### BEGIN HIDDEN TESTS
            COMBINED: {"dx": 1}, CEIL: {"dx": 1},
            ### END HIDDEN TESTS
        },
    ),
    ### BEGIN HIDDEN TESTS
    ties,
    ### END HIDDEN TESTS
    shift, channels_apart, mass, euler,
)  # fmt: skip

"""Checks for convolution/signals: correlation and convolution in one dimension, and what they are good for."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from autograder.judging.checks import law
from autograder.judging.compare import EXACT, Bound
from autograder.judging.data import Floats, Shape
from autograder.judging.kinds import MULTILINEAR, PLAIN, PRECISE
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.strategies import few, small
from autograder.model import Student, Unit
from reference.convolution import signals as oracle

MODES = ("valid", "same", "full")


def signal(t: int, k: int, *mode: str) -> Sizes:
    """A signal of T entries and a filter of K; without a mode the default is asked for."""
    return Sizes({"x": (t,), "w": (k,)}, {"mode": mode[0]} if mode else {})


@st.composite
def signals(draw: DrawFn, *modes: str, more: SearchStrategy[int] = st.integers(0, 6)) -> Sizes:
    k = draw(small)
    return signal(k + draw(more), k, draw(st.sampled_from(modes)))


@st.composite
def windows(draw: DrawFn, more: SearchStrategy[int] = st.integers(0, 6)) -> Sizes:
    k = draw(st.integers(1, 6))
    return Sizes({"x": (k + draw(more),)}, values={"k": k})


def matrix(k: int, n: int, stride: int = 1, padding: int = 0) -> Sizes:
    return Sizes({"w": (k,)}, {"stride": stride, "padding": padding}, {"n": n})


@st.composite
def matrices(draw: DrawFn, stride: SearchStrategy[int], padding: SearchStrategy[int]) -> Sizes:
    k, p = draw(small), draw(padding)
    return matrix(k, max(1, k - 2 * p) + draw(st.integers(0, 6)), draw(stride), p)


def search(t: int, k: int) -> Sizes:
    return Sizes({"signal": (t,), "template": (k,)})


def normal(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """Real numbers: on integers, several windows would score the same."""
    return rng.standard_normal(shape)


def half_silent(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """As `normal`, with silence in the first half of a signal."""
    values = rng.standard_normal(shape)
    if name == "signal":
        values[: len(values) // 2] = 0
    return values


def _in_single(case: LayerCase, name: str) -> Bound:
    return 1e-5  # scores are at most 1: what float32 on the way may cost, which is not asked here


CORRELATE = Layer.of(
    forward="correlate1d(x, w) -> y",
    oracle=oracle.correlate1d,
    kind=MULTILINEAR,
    axes={"x": "T", "w": "K", "y": "T'"},
    conditions={
        "K is even": lambda v: v["K"] % 2 == 0,
        "mode is 'full'": lambda v: v.get("mode") == "full",
        "mode is 'same'": lambda v: v.get("mode") == "same",
        "mode is 'valid'": lambda v: v.get("mode") == "valid",
    },
)
CONVOLVE = replace(CORRELATE, forward=replace(CORRELATE.forward, function="convolve1d"), oracle=oracle.convolve1d)
AVERAGE = Layer.of(
    forward="moving_average(x, k) -> y",
    oracle=oracle.moving_average,
    kind=MULTILINEAR,
    axes={"x": "T", "y": "T"},
    conditions={"k is even": lambda v: v["k"] % 2 == 0},
)
MATRIX = Layer.of(
    forward="conv_matrix(w, n) -> M", oracle=oracle.conv_matrix, kind=MULTILINEAR, axes={"w": "K", "M": "n_out n"}
)
MATCHED = Layer.of(
    forward="matched_filter(signal, template) -> offset, score",
    oracle=oracle.matched_filter,
    kind=replace(PLAIN, data=normal, bound=_in_single),
    axes={"signal": "T", "template": "K"},
)
MERGE = Layer.of(
    forward="merge_linear(W, V) -> WV", oracle=oracle.merge_linear, kind=MULTILINEAR, axes={"W": "D M", "V": "M P"}
)

VALID = Stratum(
    "valid", "mode valid, which is the default", signals("valid"), edges=(signal(3, 3), signal(7, 3), signal(6, 2))
)
FULL = Stratum("full", "mode full", signals("full"), edges=(signal(5, 3, "full"), signal(4, 4, "full")))
SAME = Stratum("same", "mode same", signals("same"), edges=(signal(6, 3, "same"), signal(7, 4, "same")))
ALL = Stratum(
    "modes", "every mode; full is the default", signals(*MODES), count=12,
    edges=(signal(5, 3), signal(6, 4, "same"), signal(7, 3, "same"), signal(6, 3, "valid")),
)  # fmt: skip
AVERAGES = Stratum(
    "windows", "windows of any length", windows(),
    edges=tuple(Sizes({"x": (t,)}, values={"k": k}) for t, k in ((6, 2), (7, 3), (8, 4), (5, 1))),
)  # fmt: skip
DENSE = Stratum("plain", "stride 1, no padding", matrices(st.just(1), st.just(0)), edges=(matrix(2, 5), matrix(3, 3)))
STRIDED = Stratum(
    "options", "a stride, or padding", matrices(st.integers(1, 3), st.integers(0, 2)),
    edges=(matrix(2, 6, 2), matrix(3, 5, 1, 1), matrix(3, 9, 3)),
)  # fmt: skip
SEARCH = Stratum(
    "search", "one window of the signal fits best",
    st.builds(lambda k, more: search(k + more, k), st.integers(2, 5), st.integers(0, 8)),
    edges=(search(9, 3), search(2, 2), search(3, 3), search(4, 4), search(12, 2)),
)  # fmt: skip
LAYERS = Stratum(
    "layers", "two projections in one", st.builds(lambda d, m, p: Sizes({"W": (d, m), "V": (m, p)}), few, few, few),
    edges=(Sizes({"W": (3, 4), "V": (4, 2)}), Sizes({"W": (3, 3), "V": (3, 3)})),
)  # fmt: skip
### BEGIN HIDDEN TESTS
PRECISION = Stratum(
    "precision", "float64 in, float64 precision out", signals(*MODES), hidden=True, kind=PRECISE, count=6
)
LONG = Stratum(
    "long", "long signals, every mode", signals(*MODES, more=st.integers(10, 30)), hidden=True, count=10,
    edges=(signal(20, 4, "same"), signal(17, 3, "valid")),
)  # fmt: skip
LONG_AVERAGES = Stratum("long", "long signals", windows(more=st.integers(10, 30)), hidden=True)
COMBINED = Stratum(
    "combined", "a stride and padding together", matrices(st.integers(2, 3), st.integers(1, 2)), hidden=True,
    edges=(matrix(4, 7, 2, 2), matrix(1, 5, 3, 1)),
)  # fmt: skip
SILENCE = Stratum(
    "silence", "a signal that starts with silence", hidden=True,
    kind=replace(PLAIN, data=half_silent, bound=_in_single),
    sizes=st.builds(lambda k, more: search(2 * k + more, k), st.integers(2, 4), st.integers(0, 6)),
    edges=(search(8, 3),),
)  # fmt: skip
### END HIDDEN TESTS


@law(CORRELATE, SAME)
def modes_are_parts(student: Student, case: LayerCase) -> None:
    """The results of modes same and valid are parts of the result of mode full."""
    full = CORRELATE.run(student, case, mode="full")["y"]
    t, k = len(case["x"]), len(case["w"])
    for mode, start, size in (("same", (k - 1) // 2, t), ("valid", k - 1, t - k + 1)):
        CORRELATE.same("y", CORRELATE.run(student, case, mode=mode)["y"], full[start : start + size], EXACT)


@law(CONVOLVE, ALL)
def sums_multiply(student: Student, case: LayerCase) -> None:
    """In mode full, the sum of y is the sum of x times the sum of w."""
    full = CONVOLVE.run(student, case, mode="full")["y"]
    CONVOLVE.same("the sum of y", full.sum(), case["x"].sum() * case["w"].sum(), EXACT)


@law(MATRIX, STRIDED)
def rows_repeat(student: Student, case: LayerCase) -> None:
    """Each row of M is the one above, moved `stride` columns to the right."""
    m, s = MATRIX.run(student, case)["M"], case["stride"]
    inside = m[1:, s : m.shape[1]]
    MATRIX.same("M", inside, m[:-1, : inside.shape[1]], EXACT)


UNIT = Unit(
    path="convolution/signals",
    title="Signals: correlation and convolution",
    forbidden_names=("numpy.convolve", "numpy.correlate"),
    checks=(
        *layer_checks(
            CORRELATE,
            forward={
                VALID: 1, FULL: 1, SAME: 1,
                ### BEGIN HIDDEN TESTS
                PRECISION: 1,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            CONVOLVE,
            forward={
                ALL: 1,
                ### BEGIN HIDDEN TESTS
                LONG: 1,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            AVERAGE,
            forward={
                AVERAGES: 1,
                ### BEGIN HIDDEN TESTS
                LONG_AVERAGES: 1,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            MATRIX,
            forward={
                DENSE: 1, STRIDED: 1,
                ### BEGIN HIDDEN TESTS
                COMBINED: 1,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            MATCHED,
            forward={
                SEARCH: {"offset": 1, "score": 1},
                ### BEGIN HIDDEN TESTS
                SILENCE: {"score": 1},
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(MERGE, forward={LAYERS: 1}),
        modes_are_parts, sums_multiply, rows_repeat,
    ),
)  # fmt: skip

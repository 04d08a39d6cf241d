"""Checks for recurrence/rnn: backpropagation through time with a sliding window."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from autograder.judging.checks import law
from autograder.judging.kinds import SATURATED, SMOOTH
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.strategies import few, small
from autograder.model import Request, Student
from autograder.units.recurrence.rnn_sizes import sequence
from reference.recurrence import rnn as oracle

CLOSE = 1e-9  # between two of the student's own answers


def windows(n: int, t: int, d: int, h: int, k: int) -> Sizes:
    """The sizes of a sequence, in the order N, T, D, H, and of the window."""
    return replace(sequence(n, t, d, h), values={"k": k})


@st.composite
def cut(draw: DrawFn, length: SearchStrategy[int] = st.integers(2, 6), most: int = 5) -> Sizes:
    """Windows that are shorter than the sequence."""
    t = draw(length)
    return windows(draw(few), t, draw(small), draw(small), draw(st.integers(1, min(most, t - 1))))


@st.composite
def whole(draw: DrawFn) -> Sizes:
    """Windows in which the sequence fits."""
    t = draw(small)
    return windows(draw(few), t, draw(small), draw(small), t + draw(st.integers(0, 3)))


TRUNCATED = Layer.of(
    forward="rnn_forward(x, h0, Wx, Wh, b) -> h",
    backward="rnn_backward_truncated(dh, x, h0, h, Wx, Wh, k) -> dx, dh0, dWx, dWh, db",
    oracle=oracle.rnn_windows,
    kind=SMOOTH,
    axes={"x": "N T D", "h0": "N H", "Wx": "D H", "Wh": "H H", "b": "H", "h": "N T H"},
    conditions={"k < T": lambda v: v["k"] < v["T"], "k >= T": lambda v: v["k"] >= v["T"]},
)

WINDOW = Stratum(
    "window", "windows shorter than the sequence", cut(),
    edges=(windows(2, 5, 3, 4, 2), windows(1, 4, 1, 1, 1), windows(2, 6, 2, 3, 4)),
)  # fmt: skip
WHOLE = Stratum(
    "whole", "windows with the whole sequence in them", whole(), count=6,
    edges=(windows(2, 3, 2, 4, 3), windows(1, 1, 2, 2, 1), windows(2, 4, 3, 2, 9)),
)  # fmt: skip
### BEGIN HIDDEN TESTS
LONG_WINDOW = Stratum(
    "long-window", "sequences of up to 40 steps, units close to -1 and 1", hidden=True, kind=SATURATED, count=4,
    sizes=cut(length=st.integers(8, 16), most=7), edges=(windows(2, 40, 2, 3, 5),),
)  # fmt: skip
### END HIDDEN TESTS


def _truncated(student: Student, case: LayerCase, dh: np.ndarray, k: int) -> dict[str, np.ndarray]:
    return TRUNCATED.run_backward(student, _with(case, dh, k))


def _with(case: LayerCase, dh: np.ndarray, k: int) -> LayerCase:
    """The case with another upstream gradient and another window."""
    other = case.changed(k=k)
    other.upstream = {"h": dh}
    return other


@law(TRUNCATED, WINDOW, functions=("rnn_backward_truncated", "rnn_backward"))
def full_with_a_wide_window(student: Student, case: LayerCase) -> None:
    """With a window as long as the sequence, rnn_backward_truncated returns what rnn_backward returns."""
    arrays = case.backward_request.arguments[:-1]
    full = student.ask(Request("rnn_backward", arrays))
    wide = student.ask(Request("rnn_backward_truncated", (*arrays, case["x"].shape[1])))
    for name, one, other in zip(TRUNCATED.wrt, wide, full, strict=True):
        TRUNCATED.same(f"d{name}", one, other, CLOSE)


@law(TRUNCATED, WINDOW, functions=("rnn_backward_truncated",))
def blind_beyond_the_window(student: Student, case: LayerCase) -> None:
    """A loss on the last step alone sends nothing to inputs k or more steps before it."""
    dh = np.zeros_like(case.upstream["h"])
    dh[:, -1] = case.upstream["h"][:, -1]
    far = _truncated(student, case, dh, case["k"])["x"][:, : -case["k"]]
    TRUNCATED.same("dx before the window", far, 0 * far, CLOSE)


@law(TRUNCATED, WINDOW, functions=("rnn_backward_truncated", "rnn_backward"))
def each_window_is_a_sequence_of_its_own(student: Student, case: LayerCase) -> None:
    """The loss of the last step sends to the weights what rnn_backward sends over the last k steps alone."""
    dh, x, _, h, Wx, Wh, k = case.backward_request.arguments
    last = np.zeros_like(dh)
    last[:, -1] = dh[:, -1]
    found = _truncated(student, case, last, k)
    alone = student.call("rnn_backward", last[:, -k:], x[:, -k:], h[:, -k - 1], h[:, -k:], Wx, Wh)
    for name, expected in zip(("Wx", "Wh", "b"), alone[2:], strict=True):
        TRUNCATED.same(f"d{name}", found[name], expected, CLOSE)


# The forward pass is judged elsewhere, and a window's gradient is not the derivative of any: no share of the points.
CHECKS = (
    *(replace(check, fallback=None) for check in layer_checks(
        TRUNCATED, advice=False, forward={},
        backward={
            WINDOW: {"dx": 1, "dh0": 1, "dWx": 0.5, "dWh": 0.5, "db": 0.5},
            WHOLE: {"dWh": 0.5},
            ### BEGIN HIDDEN TESTS
            LONG_WINDOW: {"dx": 0.5, "dWh": 0.5},
            ### END HIDDEN TESTS
        },
    )),
    full_with_a_wide_window, blind_beyond_the_window, each_window_is_a_sequence_of_its_own,
)  # fmt: skip

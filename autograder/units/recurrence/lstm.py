"""Checks for recurrence/lstm: one step and a sequence here, peepholes and the cells set by hand beside it."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from autograder.judging.checks import law
from autograder.judging.kinds import SMOOTH_PRECISE
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.strategies import few, small
from autograder.model import Student, Unit
from autograder.units.recurrence.lstm_cells import right_on_200_lines, right_on_200_texts
from autograder.units.recurrence.lstm_peephole import (
    AXES,
    CLOSE,
    FULL,
    GATED,
    MANY,
    ONE,
    PEEPHOLE_CHECKS,
    biases,
    step,
    steps,
    weights,
)
from reference.recurrence import lstm as oracle


def sequence(n: int, t: int, d: int, h: int) -> Sizes:
    """The sizes of a sequence, in the order N, T, D, H."""
    return Sizes({"x": (n, t, d), "h0": (n, h), "c0": (n, h), **weights(d, h)})


@st.composite
def sequences(draw: DrawFn, batch: SearchStrategy[int] = few, length: SearchStrategy[int] = small) -> Sizes:
    return sequence(draw(batch), draw(length), draw(small), draw(small))


STEP = Layer.of(
    forward="lstm_step_forward(x, h_prev, c_prev, Wx, Wh, b) -> h, c, gates",
    backward="lstm_step_backward(dh, dc, x, h_prev, c_prev, c, gates, Wx, Wh) -> dx, dh_prev, dc_prev, dWx, dWh, db",
    oracle=oracle.lstm_step_forward,
    kind=GATED,
    axes=AXES,
)
LSTM = Layer.of(
    forward="lstm_forward(x, h0, c0, Wx, Wh, b) -> h, c, gates",
    backward="lstm_backward(dh, x, h0, c0, h, c, gates, Wx, Wh) -> dx, dh0, dc0, dWx, dWh, db",
    oracle=oracle.lstm_forward,
    kind=GATED,
    axes=AXES | {"x": "N T D", "h0": "N H", "c0": "N H", "h": "N T H", "c": "N T H", "gates": "N T 4H"},
)

ONE_STEP = Stratum("one", "one sample", steps(batch=ONE), edges=(step(1, 1, 1), step(1, 3, 2)))
STEP_BATCH = Stratum("batch", "several samples", steps(batch=MANY), edges=(step(3, 4, 2), step(2, 3, 5)))
STEP_FULL = Stratum("saturated", "gates wide open or shut", steps(), kind=FULL, edges=(step(2, 3, 4),))
ONE_SEQUENCE = Stratum(
    "one", "one sequence", sequences(batch=ONE),
    edges=(sequence(1, 1, 2, 3), sequence(1, 2, 1, 1), sequence(1, 4, 2, 3)),
)  # fmt: skip
BATCH = Stratum("batch", "several sequences", sequences(batch=MANY), edges=(sequence(2, 4, 3, 5), sequence(4, 3, 2, 1)))
### BEGIN HIDDEN TESTS
STEP_WIDE = Stratum("sizes", "sizes that all differ", steps(), hidden=True, edges=(step(2, 4, 3), step(4, 2, 5)))
STEP_PRECISION = Stratum(
    "precision", "float64 in, float64 precision out", steps(), hidden=True, kind=SMOOTH_PRECISE, count=4
)
LONG = Stratum(
    "long", "sequences of 8 to 40 steps", sequences(length=st.integers(8, 40)), hidden=True, count=2,
    edges=(sequence(3, 8, 2, 4), sequence(2, 40, 3, 4)),
)  # fmt: skip
SEQUENCE_FULL = Stratum(
    "saturated", "gates wide open or shut", sequences(), hidden=True, kind=FULL, count=6,
    edges=(sequence(2, 4, 3, 5), sequence(2, 40, 3, 4)),
)  # fmt: skip
SEQUENCE_PRECISION = Stratum(
    "precision", "float64 in, float64 precision out", sequences(), hidden=True, kind=SMOOTH_PRECISE, count=4
)
### END HIDDEN TESTS


@law(STEP, STEP_BATCH)
def carries_the_cell(student: Student, case: LayerCase) -> None:
    """With the forget gate open (f = 1) and the input gate shut (i = 0), the cell goes on as it is."""
    c = STEP.run(student, case, b=biases(case, i=-1000, f=1000))["c"]
    STEP.same("c", c, case["c_prev"], CLOSE)


@law(STEP, STEP_BATCH)
def input_and_forget_gate_are_independent(student: Student, case: LayerCase) -> None:
    """With both gates open (f = 1 and i = 1), the candidate is added to the whole cell."""
    found = STEP.run(student, case, b=biases(case, i=1000, f=1000, g=1000))
    STEP.same("c", found["c"], case["c_prev"] + 1, CLOSE)


@law(STEP, STEP_BATCH, functions=("lstm_step_backward",))
def carries_the_gradient(student: Student, case: LayerCase) -> None:
    """With f = 1, and i = 0 and o = 0, the gradient of the cell goes back as it came."""
    shut = case.changed(b=biases(case, i=-1000, f=1000, o=-1000))
    STEP.same("dc_prev", STEP.run_backward(student, shut)["c_prev"], shut.upstream["c"], CLOSE)


@law(LSTM, BATCH)
def starts_from_h0_and_c0(student: Student, case: LayerCase) -> None:
    """A sequence cut in two gives the same states: the second half starts from the first half's last h and c."""
    whole = LSTM.run(student, case)
    cut = max(1, case["x"].shape[1] // 2)
    if cut < case["x"].shape[1]:
        last = {"h0": whole["h"][:, cut - 1], "c0": whole["c"][:, cut - 1]}
        rest = LSTM.run(student, case, x=case["x"][:, cut:], **last)
        LSTM.same("h of the second half", rest["h"], whole["h"][:, cut:], CLOSE)
        LSTM.same("c of the second half", rest["c"], whole["c"][:, cut:], CLOSE)


@law(LSTM, BATCH, functions=("lstm_backward",))
def causal(student: Student, case: LayerCase) -> None:
    """No gradient flows into the future: with dh = 0 after step 0, dx is 0 after step 0."""
    early = np.zeros_like(case.upstream["h"])
    early[:, 0] = case.upstream["h"][:, 0]
    dx = student.ask(case.backward_request_on({"h": early}))[0]
    LSTM.same("dx after step 0", dx[:, 1:], 0 * dx[:, 1:], CLOSE)


STEP_CHECKS = layer_checks(
    STEP,
    forward={
        ONE_STEP: {"h": 1, "c": 1, "gates": 1}, STEP_BATCH: {"h": 1}, STEP_FULL: {"c": 1},
        ### BEGIN HIDDEN TESTS
        STEP_WIDE: {"c": 1, "gates": 1}, STEP_PRECISION: {"h": 1},
        ### END HIDDEN TESTS
    },
    backward={
        ONE_STEP: {"dx": 1, "dh_prev": 1, "dc_prev": 1},
        STEP_BATCH: {"dWx": 1, "dWh": 1, "db": 1},
        ### BEGIN HIDDEN TESTS
        STEP_WIDE: {"dx": 1, "dc_prev": 1},
        ### END HIDDEN TESTS
    },
)  # fmt: skip
SEQUENCE_CHECKS = layer_checks(
    LSTM,
    forward={
        ONE_SEQUENCE: {"h": 1, "c": 1}, BATCH: {"h": 1, "gates": 1},
        ### BEGIN HIDDEN TESTS
        LONG: {"h": 1}, SEQUENCE_FULL: {"c": 1}, SEQUENCE_PRECISION: {"h": 1},
        ### END HIDDEN TESTS
    },
    backward={
        ONE_SEQUENCE: {"dx": 1, "dh0": 1, "dc0": 1},
        BATCH: {"dWx": 1, "dWh": 1, "db": 1},
        ### BEGIN HIDDEN TESTS
        LONG: {"dx": 1}, SEQUENCE_FULL: {"dWh": 1}, SEQUENCE_PRECISION: {"dWh": 1},
        ### END HIDDEN TESTS
    },
)  # fmt: skip

UNIT = Unit(
    path="recurrence/lstm",
    title="LSTM: cells, gates, peepholes",
    checks=(
        *STEP_CHECKS, carries_the_cell, input_and_forget_gate_are_independent, carries_the_gradient,
        *SEQUENCE_CHECKS, starts_from_h0_and_c0, causal,
        *PEEPHOLE_CHECKS, right_on_200_texts, right_on_200_lines,
    ),
)  # fmt: skip

"""Checks for recurrence/rnn: a tanh recurrent layer, one step and a sequence, forward and backward through time.

Truncated backpropagation, clipping, leaky units and the experiments are beside this file.
"""

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from autograder.judging.checks import law
from autograder.judging.kinds import SATURATED, SMOOTH, SMOOTH_PRECISE
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.strategies import few, small
from autograder.model import Student, Unit
from autograder.units.recurrence import rnn_memory, rnn_truncated
from autograder.units.recurrence.rnn_sizes import sequence, step
from reference.recurrence import rnn as oracle

CLOSE = 1e-9  # between two of the student's own answers


@st.composite
def steps(draw: DrawFn, batch: SearchStrategy[int] = few) -> Sizes:
    return step(draw(batch), draw(small), draw(small))


@st.composite
def sequences(draw: DrawFn, batch: SearchStrategy[int] = few, length: SearchStrategy[int] = small) -> Sizes:
    return sequence(draw(batch), draw(length), draw(small), draw(small))


STEP = Layer.of(
    forward="rnn_step_forward(x, h_prev, Wx, Wh, b) -> h",
    backward="rnn_step_backward(dh, x, h_prev, h, Wx, Wh) -> dx, dh_prev, dWx, dWh, db",
    oracle=oracle.rnn_step_forward,
    kind=SMOOTH,
    axes={"x": "N D", "h_prev": "N H", "Wx": "D H", "Wh": "H H", "b": "H", "h": "N H"},
)
RNN = Layer.of(
    forward="rnn_forward(x, h0, Wx, Wh, b) -> h",
    backward="rnn_backward(dh, x, h0, h, Wx, Wh) -> dx, dh0, dWx, dWh, db",
    oracle=oracle.rnn_forward,
    kind=SMOOTH,
    axes={"x": "N T D", "h0": "N H", "Wx": "D H", "Wh": "H H", "b": "H", "h": "N T H"},
)

ONE, MANY = st.just(1), st.integers(2, 4)

ONE_STEP = Stratum("one", "one sample", steps(batch=ONE), edges=(step(1, 1, 1), step(1, 3, 2)))
STEP_BATCH = Stratum("batch", "several samples", steps(batch=MANY), edges=(step(3, 4, 2), step(2, 3, 5)))
ONE_SEQUENCE = Stratum(
    "one", "one sequence", sequences(batch=ONE),
    edges=(sequence(1, 1, 2, 3), sequence(1, 2, 1, 1), sequence(1, 4, 2, 3)),
)  # fmt: skip
BATCH = Stratum("batch", "several sequences", sequences(batch=MANY), edges=(sequence(2, 4, 3, 5), sequence(4, 3, 2, 1)))
### BEGIN HIDDEN TESTS
STEP_SATURATED = Stratum("saturated", "units close to -1 and 1", steps(), hidden=True, kind=SATURATED, count=8)
STEP_PRECISION = Stratum(
    "precision", "float64 in, float64 precision out", steps(), hidden=True, kind=SMOOTH_PRECISE, count=4
)
LONG = Stratum(
    "long", "sequences of up to 40 steps", sequences(length=st.integers(8, 20)), hidden=True, count=4,
    edges=(sequence(2, 40, 3, 4),),
)  # fmt: skip
WIDE = Stratum(
    "sizes",
    "one step, many steps, and sizes that all differ",
    sequences(),
    hidden=True,
    count=8,
    edges=(sequence(2, 5, 4, 3),),
)
SEQUENCE_SATURATED = Stratum(
    "saturated",
    "units close to -1 and 1",
    sequences(),
    hidden=True,
    kind=SATURATED,
    count=8,
    edges=(sequence(2, 40, 2, 3),),
)
SEQUENCE_PRECISION = Stratum(
    "precision", "float64 in, float64 precision out", sequences(), hidden=True, kind=SMOOTH_PRECISE, count=4
)
### END HIDDEN TESTS


@law(RNN, BATCH)
def starts_from_h0(student: Student, case: LayerCase) -> None:
    """A sequence cut in two gives the same states: the second half starts from the first half's last state."""
    whole = RNN.run(student, case)["h"]
    cut = max(1, case["x"].shape[1] // 2)
    if cut < case["x"].shape[1]:
        rest = RNN.run(student, case, x=case["x"][:, cut:], h0=whole[:, cut - 1])["h"]
        RNN.same("h of the second half", rest, whole[:, cut:], CLOSE)


@law(RNN, BATCH)
def odd(student: Student, case: LayerCase) -> None:
    """Without a bias, turning all signs of x and h0 turns all signs of h (tanh is odd)."""
    nothing = 0 * case["b"]
    h = RNN.run(student, case, b=nothing)["h"]
    RNN.same("h", RNN.run(student, case, b=nothing, x=-case["x"], h0=-case["h0"])["h"], -h, CLOSE)


@law(RNN, BATCH, functions=("rnn_backward",))
def causal(student: Student, case: LayerCase) -> None:
    """No gradient flows into the future: with dh = 0 after step 0, dx is 0 after step 0."""
    early = np.zeros_like(case.upstream["h"])
    early[:, 0] = case.upstream["h"][:, 0]
    dx = student.ask(case.backward_request_on({"h": early}))[0]
    RNN.same("dx after step 0", dx[:, 1:], 0 * dx[:, 1:], CLOSE)


UNIT = Unit(
    path="recurrence/rnn",
    title="Recurrent layer and BPTT",
    checks=(
        *layer_checks(
            STEP,
            forward={
                ONE_STEP: 1, STEP_BATCH: 1,
                ### BEGIN HIDDEN TESTS
                STEP_SATURATED: 1, STEP_PRECISION: 1,
                ### END HIDDEN TESTS
            },
            backward={
                ONE_STEP: {"dx": 1, "dh_prev": 1, "dWx": 1, "dWh": 1},
                STEP_BATCH: {"dWx": 1, "dWh": 1, "db": 1},
                ### BEGIN HIDDEN TESTS
                STEP_SATURATED: {"dx": 1},
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            RNN,
            forward={
                ONE_SEQUENCE: 3, BATCH: 2,
                ### BEGIN HIDDEN TESTS
                LONG: 1, SEQUENCE_SATURATED: 1, SEQUENCE_PRECISION: 1,
                ### END HIDDEN TESTS
            },
            backward={
                ONE_SEQUENCE: {"dx": 1, "dh0": 1, "dWh": 1},
                BATCH: {"dx": 1, "dWx": 1, "dWh": 1, "db": 1},
                ### BEGIN HIDDEN TESTS
                LONG: {"dx": 1, "dWh": 1},
                WIDE: {"dh0": 1, "dWx": 1, "db": 1},
                SEQUENCE_SATURATED: {"dx": 1},
                SEQUENCE_PRECISION: {"dWh": 1},
                ### END HIDDEN TESTS
            },
        ),
        starts_from_h0, odd, causal,
        *rnn_truncated.CHECKS, *rnn_memory.CHECKS,
    ),
)  # fmt: skip

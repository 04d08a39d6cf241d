"""Checks for recurrence/gru: one step and a sequence in the lecture's convention, one step in PyTorch's."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from autograder.judging.checks import law
from autograder.judging.data import Floats, Shape, activations
from autograder.judging.kinds import SATURATED, SMOOTH, SMOOTH_PRECISE
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.strategies import few, small
from autograder.model import Student, Unit
from autograder.units.recurrence import rnn_sizes
from reference.recurrence import gru as oracle

CLOSE = 1e-9  # between two of the student's own answers
ONE, MANY = st.just(1), st.integers(2, 4)


def step(n: int, d: int, h: int) -> Sizes:
    """The sizes of one step, in the order N, D, H."""
    return rnn_sizes.step(n, d, h, blocks=3)


def sequence(n: int, t: int, d: int, h: int) -> Sizes:
    """The sizes of a sequence, in the order N, T, D, H."""
    return rnn_sizes.sequence(n, t, d, h, blocks=3)


def two_biases(sizes: Sizes) -> Sizes:
    """The sizes of a step with one bias for the input and one for the state."""
    shapes = dict(sizes.arrays)
    bias = shapes.pop("b")
    return Sizes({**shapes, "bx": bias, "bh": bias})


@st.composite
def steps(draw: DrawFn, batch: SearchStrategy[int] = few) -> Sizes:
    return step(draw(batch), draw(small), draw(small))


@st.composite
def sequences(draw: DrawFn, batch: SearchStrategy[int] = few, length: SearchStrategy[int] = small) -> Sizes:
    return sequence(draw(batch), draw(length), draw(small), draw(small))


def extreme(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """As `activations`, but biases that open or shut most gates for good: their exponentials fit no float."""
    if name in ("b", "bx"):
        return rng.choice((-1000.0, -800.0, -30.0, -1.5, 0.25, 2.0, 30.0, 800.0, 1000.0), shape)
    return activations(rng, name, shape)


FULL = replace(SATURATED, data=extreme)
AXES = {"x": "N D", "h_prev": "N H", "Wx": "D 3H", "Wh": "H 3H", "b": "3H", "h": "N H", "gates": "N 3H"}
STEP = Layer.of(
    forward="gru_step_forward(x, h_prev, Wx, Wh, b) -> h, gates",
    backward="gru_step_backward(dh, x, h_prev, gates, Wx, Wh) -> dx, dh_prev, dWx, dWh, db",
    oracle=oracle.gru_step_forward,
    kind=SMOOTH,
    axes=AXES,
)
GRU = Layer.of(
    forward="gru_forward(x, h0, Wx, Wh, b) -> h, gates",
    backward="gru_backward(dh, x, h0, h, gates, Wx, Wh) -> dx, dh0, dWx, dWh, db",
    oracle=oracle.gru_forward,
    kind=SMOOTH,
    axes=AXES | {"x": "N T D", "h0": "N H", "h": "N T H", "gates": "N T 3H"},
)
CUDNN = Layer.of(
    "gru_step_cudnn(x, h_prev, Wx, Wh, bx, bh) -> h",
    oracle=oracle.gru_step_cudnn,
    kind=SMOOTH,
    axes=AXES | {"bx": "3H", "bh": "3H"},
)

ONE_STEP = Stratum("one", "one sample", steps(batch=ONE), edges=(step(1, 1, 1), step(1, 3, 2)))
STEP_BATCH = Stratum("batch", "several samples", steps(batch=MANY), edges=(step(3, 4, 2), step(2, 3, 5)))
STEP_FULL = Stratum("saturated", "gates wide open or shut", steps(), kind=FULL, edges=(step(2, 3, 4),))
ONE_SEQUENCE = Stratum(
    "one", "one sequence", sequences(batch=ONE),
    edges=(sequence(1, 1, 2, 3), sequence(1, 2, 1, 1), sequence(1, 4, 2, 3)),
)  # fmt: skip
BATCH = Stratum("batch", "several sequences", sequences(batch=MANY), edges=(sequence(2, 4, 3, 5), sequence(4, 3, 2, 1)))
CUDNN_ONE = replace(ONE_STEP, sizes=ONE_STEP.sizes.map(two_biases), edges=(two_biases(step(1, 3, 2)),))
CUDNN_BATCH = replace(STEP_BATCH, sizes=STEP_BATCH.sizes.map(two_biases), edges=(two_biases(step(3, 4, 2)),))
### BEGIN HIDDEN TESTS
STEP_WIDE = Stratum("sizes", "sizes that all differ", steps(), hidden=True, edges=(step(2, 4, 3), step(4, 2, 5)))
STEP_PRECISION = Stratum(
    "precision", "float64 in, float64 precision out", steps(), hidden=True, kind=SMOOTH_PRECISE, count=4
)
LONG = Stratum(
    "long", "sequences of up to 40 steps", sequences(length=st.integers(8, 20)), hidden=True, count=3,
    edges=(sequence(2, 40, 3, 4),),
)  # fmt: skip
SEQUENCE_FULL = Stratum(
    "saturated", "gates wide open or shut", sequences(), hidden=True, kind=FULL, edges=(sequence(2, 40, 3, 4),)
)
SEQUENCE_PRECISION = Stratum(
    "precision", "float64 in, float64 precision out", sequences(), hidden=True, kind=SMOOTH_PRECISE, count=4
)
CUDNN_WIDE = replace(STEP_WIDE, sizes=STEP_WIDE.sizes.map(two_biases), edges=(two_biases(step(2, 4, 3)),))
CUDNN_FULL = replace(STEP_FULL, sizes=STEP_FULL.sizes.map(two_biases), edges=(two_biases(step(2, 3, 4)),), hidden=True)
### END HIDDEN TESTS


def biases(case: LayerCase, name: str = "b", **gates: float) -> Floats:
    """The case's b, with one number for all units in the blocks of some gates: biases(case, z=1000)."""
    b = np.array(case[name]).reshape(3, -1)
    for gate, value in gates.items():
        b["rzn".index(gate)] = value
    return b.ravel()


@law(STEP, STEP_BATCH)
def keeps_the_state(student: Student, case: LayerCase) -> None:
    """With z = 1, the state goes on as it is."""
    h = STEP.run(student, case, b=biases(case, z=1000))["h"]
    STEP.same("h", h, case["h_prev"], CLOSE)


@law(STEP, STEP_BATCH)
def starts_afresh(student: Student, case: LayerCase) -> None:
    """With z = 0 and r = 0, nothing of the state is left: h is the tanh of what the input says."""
    h = STEP.run(student, case, b=biases(case, r=-1000, z=-1000))["h"]
    of_input = (case["x"] @ case["Wx"] + case["b"])[:, -h.shape[1] :]
    STEP.same("h", h, np.tanh(of_input), CLOSE)


@law(STEP, STEP_BATCH)
def a_plain_recurrent_step(student: Student, case: LayerCase) -> None:
    """With z = 0 and r = 1, the step is that of a recurrent layer without gates."""
    h = STEP.run(student, case, b=biases(case, r=1000, z=-1000))["h"]
    a = case["x"] @ case["Wx"] + case["h_prev"] @ case["Wh"] + case["b"]
    STEP.same("h", h, np.tanh(a[:, -h.shape[1] :]), CLOSE)


@law(STEP, STEP_BATCH, functions=("gru_step_backward",))
def hands_the_gradient_on(student: Student, case: LayerCase) -> None:
    """With z = 1, the gradient of the state goes back as it came."""
    kept = case.changed(b=biases(case, z=1000))
    STEP.same("dh_prev", STEP.run_backward(student, kept)["h_prev"], kept.upstream["h"], CLOSE)


@law(GRU, BATCH)
def starts_from_h0(student: Student, case: LayerCase) -> None:
    """A sequence cut in two gives the same states: the second half starts from the first half's last state."""
    whole = GRU.run(student, case)["h"]
    cut = max(1, case["x"].shape[1] // 2)
    if cut < case["x"].shape[1]:
        rest = GRU.run(student, case, x=case["x"][:, cut:], h0=whole[:, cut - 1])["h"]
        GRU.same("h of the second half", rest, whole[:, cut:], CLOSE)


@law(GRU, BATCH, functions=("gru_backward",))
def causal(student: Student, case: LayerCase) -> None:
    """No gradient flows into the future: with dh = 0 after step 0, dx is 0 after step 0."""
    early = np.zeros_like(case.upstream["h"])
    early[:, 0] = case.upstream["h"][:, 0]
    dx = student.ask(case.backward_request_on({"h": early}))[0]
    GRU.same("dx after step 0", dx[:, 1:], 0 * dx[:, 1:], CLOSE)


@law(CUDNN, CUDNN_BATCH, functions=("gru_step_cudnn", "gru_step_forward"))
def the_lectures_step_where_nothing_mixes(student: Student, case: LayerCase) -> None:
    """With bh = 0 and a diagonal Whn, gru_step_cudnn returns the state that gru_step_forward returns."""
    Wh, size = np.array(case["Wh"]), case["h_prev"].shape[1]
    Wh[:, -size:] *= np.eye(size)
    h = CUDNN.run(student, case, Wh=Wh, bh=0 * case["bh"])["h"]
    other = student.call("gru_step_forward", case["x"], case["h_prev"], case["Wx"], Wh, case["bx"])[0]
    CUDNN.same("h", h, other, CLOSE)


STEP_CHECKS = layer_checks(
    STEP,
    forward={
        ONE_STEP: {"h": 1, "gates": 1}, STEP_BATCH: {"h": 1}, STEP_FULL: {"h": 1},
        ### BEGIN HIDDEN TESTS
        STEP_WIDE: {"h": 1, "gates": 1}, STEP_PRECISION: {"h": 1},
        ### END HIDDEN TESTS
    },
    backward={
        ONE_STEP: {"dx": 1, "dh_prev": 2},
        STEP_BATCH: {"dWx": 1, "dWh": 1, "db": 1},
        ### BEGIN HIDDEN TESTS
        STEP_WIDE: {"dh_prev": 1, "dWh": 1},
        ### END HIDDEN TESTS
    },
)  # fmt: skip
SEQUENCE_CHECKS = layer_checks(
    GRU,
    forward={
        ONE_SEQUENCE: {"h": 2}, BATCH: {"h": 1, "gates": 1},
        ### BEGIN HIDDEN TESTS
        LONG: {"h": 1}, SEQUENCE_FULL: {"h": 1},
        ### END HIDDEN TESTS
    },
    backward={
        ONE_SEQUENCE: {"dx": 1, "dh0": 1},
        BATCH: {"dWx": 1, "dWh": 1, "db": 1},
        ### BEGIN HIDDEN TESTS
        LONG: {"dx": 1}, SEQUENCE_FULL: {"dWh": 1}, SEQUENCE_PRECISION: {"dWh": 1},
        ### END HIDDEN TESTS
    },
)  # fmt: skip
CUDNN_CHECKS = layer_checks(
    CUDNN,
    forward={
        CUDNN_ONE: 2, CUDNN_BATCH: 2,
        ### BEGIN HIDDEN TESTS
        CUDNN_WIDE: 1, CUDNN_FULL: 1,
        ### END HIDDEN TESTS
    },
)  # fmt: skip

UNIT = Unit(
    path="recurrence/gru",
    title="GRU: two gates, two conventions",
    checks=(
        *STEP_CHECKS, keeps_the_state, starts_afresh, a_plain_recurrent_step, hands_the_gradient_on,
        *SEQUENCE_CHECKS, starts_from_h0, causal,
        *CUDNN_CHECKS, the_lectures_step_where_nothing_mixes,
    ),
)  # fmt: skip

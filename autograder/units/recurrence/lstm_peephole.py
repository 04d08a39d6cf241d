"""Checks of the step with peepholes, for recurrence/lstm, and what its checks share."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from autograder.judging.checks import law
from autograder.judging.data import Floats, Shape, activations
from autograder.judging.kinds import CONFIDENT, SATURATED, SMOOTH
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.strategies import few, small
from autograder.model import Check, Student
from reference.recurrence import lstm as oracle

CLOSE = 1e-9  # between two of the student's own answers
ONE, MANY = st.just(1), st.integers(2, 4)
AXES = {
    "x": "N D", "h_prev": "N H", "c_prev": "N H", "Wx": "D 4H", "Wh": "H 4H", "b": "4H", "peephole": "3 H",
    "h": "N H", "c": "N H", "gates": "N 4H",
}  # fmt: skip


def extreme(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """As `activations`, but biases that open or shut most gates for good: their exponentials fit no float."""
    if name == "b":
        return rng.choice((-1000.0, -800.0, -30.0, -1.5, 0.25, 2.0, 30.0, 800.0, 1000.0), shape)
    return activations(rng, name, shape)


# In float32, what is left of a gate that is almost shut is known to one unit roundoff of 1.
GATED = replace(SMOOTH, second_bound=CONFIDENT.second_bound)
FULL = replace(SATURATED, data=extreme, second_bound=CONFIDENT.second_bound)


def weights(d: int, h: int) -> dict[str, Shape]:
    return {"Wx": (d, 4 * h), "Wh": (h, 4 * h), "b": (4 * h,)}


def step(n: int, d: int, h: int, *, peepholes: bool = False) -> Sizes:
    """The sizes of one step, in the order N, D, H."""
    arrays = {"x": (n, d), "h_prev": (n, h), "c_prev": (n, h), **weights(d, h)}
    return Sizes(arrays | {"peephole": (3, h)} if peepholes else arrays)


@st.composite
def steps(draw: DrawFn, batch: SearchStrategy[int] = few, *, peepholes: bool = False) -> Sizes:
    return step(draw(batch), draw(small), draw(small), peepholes=peepholes)


def biases(case: LayerCase, **gates: float) -> Floats:
    """The case's b, with one number for all units in the blocks of some gates: biases(case, i=-1000)."""
    b = np.array(case["b"]).reshape(4, -1)
    for gate, value in gates.items():
        b["ifgo".index(gate)] = value
    return b.ravel()


PEEPHOLE = Layer.of(
    forward="lstm_peephole_step_forward(x, h_prev, c_prev, Wx, Wh, b, peephole) -> h, c, gates",
    backward="lstm_peephole_step_backward(dh, dc, x, h_prev, c_prev, c, gates, Wx, Wh, peephole)"
    " -> dx, dh_prev, dc_prev, dWx, dWh, db, dpeephole",
    oracle=oracle.lstm_peephole_step_forward,
    kind=GATED,
    axes=AXES,
)

ONE_STEP = Stratum(
    "one", "one sample", steps(batch=ONE, peepholes=True),
    edges=(step(1, 1, 1, peepholes=True), step(1, 3, 2, peepholes=True)),
)  # fmt: skip
BATCH = Stratum(
    "batch", "several samples", steps(batch=MANY, peepholes=True),
    edges=(step(3, 4, 2, peepholes=True), step(2, 4, 5, peepholes=True)),
)  # fmt: skip
### BEGIN HIDDEN TESTS
WIDE = Stratum(
    "sizes", "sizes that all differ", steps(peepholes=True), hidden=True, edges=(step(2, 3, 4, peepholes=True),)
)
SHUT = Stratum("saturated", "gates wide open or shut", steps(peepholes=True), hidden=True, kind=FULL)
### END HIDDEN TESTS


@law(PEEPHOLE, BATCH)
def a_step_like_any_other_without_peepholes(student: Student, case: LayerCase) -> None:
    """With peephole = 0, the step is that of the LSTM without peepholes."""
    blind = case.changed(peephole=0 * case["peephole"])
    PEEPHOLE.same("h", PEEPHOLE.run(student, blind)["h"], blind.expected["h"], 1e-5)


@law(PEEPHOLE, BATCH)
def each_unit_sees_its_own_cell(student: Student, case: LayerCase) -> None:
    """Peepholes are diagonal: where the cell of unit 0 changes, the gates of the other units stay as they were."""
    other = np.array(case["c_prev"])
    other[:, 0] += 1
    found, again = (PEEPHOLE.run(student, case, c_prev=c)["gates"] for c in (case["c_prev"], other))
    units = case["c_prev"].shape[1]
    found, again = (gates.reshape(len(gates), 4, units)[:, :, 1:] for gates in (found, again))
    PEEPHOLE.same("gates of the other units", again, found, CLOSE)


PEEPHOLE_CHECKS: tuple[Check, ...] = (
    *layer_checks(
        PEEPHOLE,
        forward={
            ONE_STEP: {"h": 1}, BATCH: {"c": 1, "gates": 1},
            ### BEGIN HIDDEN TESTS
            WIDE: {"gates": 1}, SHUT: {"h": 1},
            ### END HIDDEN TESTS
        },
        backward={
            ONE_STEP: {"dx": 1, "dh_prev": 0.5},
            BATCH: {"dc_prev": 1, "dWx": 0.5, "dWh": 0.5, "db": 0.5, "dpeephole": 1},
            ### BEGIN HIDDEN TESTS
            WIDE: {"dc_prev": 1}, SHUT: {"dpeephole": 1},
            ### END HIDDEN TESTS
        },
    ),
    a_step_like_any_other_without_peepholes, each_unit_sees_its_own_cell,
)  # fmt: skip

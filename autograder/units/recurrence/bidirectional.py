"""Checks for recurrence/bidirectional: two directions, sequences of different lengths, looking ahead."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from numpy.typing import NDArray

from autograder.errors import Mismatch
from autograder.judging.cases import Cases
from autograder.judging.checks import check, law
from autograder.judging.compare import expect_array
from autograder.judging.kinds import MULTILINEAR, SATURATED, SMOOTH, SMOOTH_PRECISE
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.strategies import few, small
from autograder.model import Student, Unit
from reference.recurrence import bidirectional as oracle

Array = NDArray[Any]
Lengths = tuple[int, ...]

CLOSE = 1e-9  # between two of the student's own answers


def padded(t: int, d: int, *lengths: int, name: str = "x") -> Sizes:
    """Sequences of so many numbers a step, padded to T steps."""
    return Sizes({name: (len(lengths), t, d)}, integers={"lengths": lengths})


def network(n: int, t: int, d: int, h: int, *, lengths: Lengths = (), **values: int) -> Sizes:
    """Two layers for sequences, in the order N, T, D, H."""
    start = {"x": (n, t, d), "h0f": (n, h), "h0b": (n, h)}
    weights = {f"{name}{way}": shape for way in "fb" for name, shape in (("Wx", (d, h)), ("Wh", (h, h)), ("b", (h,)))}
    return Sizes({**start, **weights}, values=values, integers={"lengths": lengths} if lengths else {})


@st.composite
def paddings(draw: DrawFn, batch: SearchStrategy[int] = few, name: str = "x") -> Sizes:
    t = draw(st.integers(1, 6))
    return padded(t, draw(small), *_lengths(draw, draw(batch), t), name=name)


@st.composite
def networks(
    draw: DrawFn,
    batch: SearchStrategy[int] = few,
    length: SearchStrategy[int] = st.integers(1, 6),
    *,
    ends: bool = False,
    ahead: SearchStrategy[int] | None = None,
) -> Sizes:
    n, t = draw(batch), draw(length)
    values = {} if ahead is None else {"L": draw(ahead)}
    return network(n, t, draw(small), draw(small), lengths=_lengths(draw, n, t) if ends else (), **values)


def _lengths(draw: DrawFn, n: int, t: int) -> Lengths:
    return tuple(draw(st.lists(st.integers(1, t), min_size=n, max_size=n)))


def _some_padding(v: Mapping[str, Any]) -> bool:
    return bool(min(v.get("lengths", (v["T"],))) < v["T"])


TWO_WAYS = "x, h0f, h0b, Wxf, Whf, bf, Wxb, Whb, bb"
AXES = {
    "x": "N T D", "h0f": "N H", "h0b": "N H", "Wxf": "D H", "Whf": "H H", "bf": "H", "Wxb": "D H", "Whb": "H H",
    "bb": "H", "h": "N T 2H",
}  # fmt: skip
PADDING = {"a sequence is padded": _some_padding}

REVERSE = Layer.of(
    "reverse_within(x, lengths) -> reversed", oracle=oracle.reverse_within, kind=MULTILINEAR,
    axes={"x": "N T D", "reversed": "N T D"}, conditions=PADDING,
)  # fmt: skip
LAST = Layer.of(
    "last_valid_state(h, lengths) -> last", oracle=oracle.last_valid_state, kind=MULTILINEAR,
    axes={"h": "N T H", "last": "N H"}, conditions=PADDING,
)  # fmt: skip
WHOLE = Layer.of(
    f"bidirectional_forward({TWO_WAYS}) -> h", oracle=oracle.bidirectional_forward, kind=SMOOTH, axes=AXES,
    conditions=PADDING,
)  # fmt: skip
PADDED = Layer.of(
    f"bidirectional_forward({TWO_WAYS}, lengths) -> h", oracle=oracle.bidirectional_forward, kind=SMOOTH, axes=AXES,
    conditions=PADDING,
)  # fmt: skip
AHEAD = Layer.of(
    f"lookahead_forward({TWO_WAYS}, L) -> h", oracle=oracle.lookahead_forward, kind=SMOOTH, axes=AXES,
    conditions={"L = 0": lambda v: v["L"] == 0, "T > L + 1": lambda v: v["T"] > v["L"] + 1},
)  # fmt: skip

ONE, MANY = st.just(1), st.integers(2, 4)

SHORT = Stratum("padded", "padded sequences", paddings(), edges=(padded(4, 2, 3, 4, 1), padded(5, 3, 5, 2)))
ONE_STATE = Stratum("one", "one sequence", paddings(batch=ONE, name="h"), edges=(padded(4, 2, 2, name="h"),))
STATES = Stratum("batch", "several sequences", paddings(batch=MANY, name="h"), edges=(padded(5, 2, 3, 5, 1, name="h"),))
ONE_SEQUENCE = Stratum("one", "one sequence, no lengths", networks(batch=ONE), edges=(network(1, 4, 2, 3),))
BATCH = Stratum("batch", "several sequences, no lengths", networks(batch=MANY), edges=(network(3, 4, 2, 5),))
LENGTHS = Stratum(
    "lengths", "padded sequences", networks(batch=MANY, ends=True),
    edges=(network(3, 5, 2, 4, lengths=(3, 5, 1)), network(2, 4, 3, 2, lengths=(4, 4))),
)  # fmt: skip
FEW_AHEAD = Stratum(
    "short", "L of 1 to 3", networks(length=st.integers(2, 7), ahead=st.integers(1, 3)),
    edges=(network(2, 6, 3, 4, L=2), network(3, 5, 2, 3, L=1)),
)  # fmt: skip
NOT_AHEAD = Stratum("now", "L = 0: no look ahead", networks(ahead=st.just(0)), edges=(network(2, 4, 3, 2, L=0),))
### BEGIN HIDDEN TESTS
MORE_PADDING = Stratum("sizes", "sizes that all differ", paddings(), hidden=True, edges=(padded(6, 4, 2, 6, 5),))
ONE_PADDED = Stratum(
    "padded", "one padded sequence", networks(batch=ONE, ends=True), hidden=True,
    edges=(network(1, 4, 2, 3, lengths=(2,)),),
)  # fmt: skip
LONG = Stratum(
    "long", "padded sequences of up to 40 steps", networks(length=st.integers(8, 40), ends=True), hidden=True,
    edges=(network(2, 9, 3, 4, lengths=(5, 9)), network(3, 40, 2, 4, lengths=(40, 25, 1))), count=2,
)  # fmt: skip
FULL = Stratum(
    "saturated", "units close to -1 and 1", networks(ends=True), hidden=True, kind=SATURATED, count=6,
    edges=(network(2, 5, 3, 4, lengths=(3, 5)), network(2, 40, 3, 4, lengths=(40, 31))),
)  # fmt: skip
PRECISION = Stratum(
    "precision", "float64 in, float64 precision out", networks(), hidden=True, kind=SMOOTH_PRECISE, count=4
)
FAR_AHEAD = Stratum(
    "far", "L beyond the end of the sequence", networks(ahead=st.integers(6, 9)), hidden=True,
    edges=(network(2, 3, 4, 5, L=2), network(3, 2, 3, 4, L=6)),
)  # fmt: skip
LONG_AHEAD = Stratum(
    "long", "sequences of up to 40 steps", networks(length=st.integers(8, 40), ahead=st.integers(0, 12)), hidden=True,
    edges=(network(3, 9, 2, 4, L=4), network(2, 40, 3, 4, L=5)), count=2,
)  # fmt: skip
### END HIDDEN TESTS


@law(REVERSE, SHORT)
def twice_is_nothing(student: Student, case: LayerCase) -> None:
    """Turned round twice, each sequence is what it was."""
    once = REVERSE.run(student, case)["reversed"]
    REVERSE.same("x, turned round twice,", REVERSE.run(student, case, x=once)["reversed"], case["x"], CLOSE)


@law(PADDED, LENGTHS)
def padding_is_invisible(student: Student, case: LayerCase) -> None:
    """Whatever stands in the padding, the result is the same."""
    padding = np.arange(case["x"].shape[1]) >= case["lengths"][:, None]
    other = np.where(padding[:, :, None], 7.0, case["x"])
    PADDED.same("h, with other numbers in the padding,", *_answers(PADDED, student, case, other))


@law(WHOLE, BATCH)
def two_directions(student: Student, case: LayerCase) -> None:
    """With the layers exchanged and time turned round, the two halves of the result change places."""
    f, b = (("h0f", "Wxf", "Whf", "bf"), ("h0b", "Wxb", "Whb", "bb"))
    exchanged = {one: case[other] for one, other in (*zip(f, b, strict=True), *zip(b, f, strict=True))}
    h = WHOLE.run(student, case)["h"]
    other = WHOLE.run(student, case, x=case["x"][:, ::-1].copy(), **exchanged)["h"]
    half = h.shape[2] // 2
    WHOLE.same("the first half of h", other[:, ::-1, half:], h[:, :, :half], CLOSE)


@law(AHEAD, FEW_AHEAD)
def blind_beyond_l(student: Student, case: LayerCase) -> None:
    """What comes more than L steps later has no influence: there x may be anything."""
    far = case["L"] + 1
    other = np.array(case["x"])
    other[:, far:] += 3
    changed, before = _answers(AHEAD, student, case, other)
    AHEAD.same("h[:, 0] with another x beyond step L", changed[:, :1], before[:, :1], CLOSE)


def _answers(layer: Layer, student: Student, case: LayerCase, x: Array) -> tuple[Array, Array]:
    """The answer with another x, and the answer as it is."""
    return layer.run(student, case, x=x)["h"], layer.run(student, case)["h"]


def _bits(seed: int) -> tuple[Array, ...]:
    """Random bits as sequences (60, 20, 1), and two layers of 8 units to read them."""
    rng = np.random.default_rng(seed)
    x, start = rng.choice((-1.0, 1.0), (60, 20, 1)), np.zeros((60, 8))

    def layer() -> tuple[Array, ...]:
        turned, _ = np.linalg.qr(rng.standard_normal((8, 8)))
        return 0.5 * rng.standard_normal((1, 8)), 0.9 * turned, 0.5 * rng.standard_normal(8)

    return x, start, start, *layer(), *layer()


def _share_foretold(student: Student, case: tuple[Array, ...], ahead: int, later: int) -> float:
    """How many bits `later` steps on a linear readout of the states says rightly, on sequences not fitted to."""
    h = student.call("lookahead_forward", *case, ahead)
    expect_array("h", h, np.zeros((60, 20, 16)))
    seen, bits = (part.astype(np.float64) for part in (h[:, : 20 - later], case[0][:, later:, 0]))
    seen = np.concatenate([seen, np.ones((*bits.shape, 1))], axis=2)
    fit, *_ = np.linalg.lstsq(seen[:40].reshape(-1, 17), bits[:40].ravel(), rcond=1e-9)
    return float(((seen[40:] @ fit > 0) == (bits[40:] > 0)).mean())


@check(
    "lookahead_forward", points=1,
    given=Cases("lookahead_forward.experiment", st.integers(0, 2**16), build=_bits, count=1),
)  # fmt: skip
def sees_two_steps_ahead_experiment(student: Student, case: tuple[Array, ...]) -> None:
    """Experiment: the bit two steps later can be read off the states with L = 2, but not with L = 1."""
    blind, seeing = (_share_foretold(student, case, ahead, 2) for ahead in (1, 2))
    if not (blind <= 0.65 and seeing >= 0.95):
        text = f"{blind:.0%} of the bits two steps later are read rightly with L = 1 and {seeing:.0%} with L = 2"
        raise Mismatch(f"{text}, but it should be 65 % at most (half of them are luck) and 95 % at least")


UNIT = Unit(
    path="recurrence/bidirectional",
    title="Two directions, padding, look-ahead",
    borrows=("rnn_forward", "rnn_step_forward"),
    checks=(
        *layer_checks(
            REVERSE,
            forward={
                SHORT: 2,
                ### BEGIN HIDDEN TESTS
                MORE_PADDING: 1,
                ### END HIDDEN TESTS
            },
        ),
        twice_is_nothing,
        *layer_checks(LAST, forward={ONE_STATE: 1, STATES: 1}),
        *layer_checks(
            WHOLE,
            forward={
                ONE_SEQUENCE: 1, BATCH: 1,
                ### BEGIN HIDDEN TESTS
                PRECISION: 1,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            PADDED, advice=False,
            forward={
                LENGTHS: 3,
                ### BEGIN HIDDEN TESTS
                ONE_PADDED: 1, LONG: 1, FULL: 1,
                ### END HIDDEN TESTS
            },
        ),
        padding_is_invisible, two_directions,
        *layer_checks(
            AHEAD,
            forward={
                FEW_AHEAD: 2, NOT_AHEAD: 1,
                ### BEGIN HIDDEN TESTS
                FAR_AHEAD: 1, LONG_AHEAD: 1,
                ### END HIDDEN TESTS
            },
        ),
        blind_beyond_l, sees_two_steps_ahead_experiment,
    ),
)  # fmt: skip

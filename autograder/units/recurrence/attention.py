"""Checks for recurrence/attention: a memory read and written softly, and attention with masks."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from numpy.typing import NDArray

from autograder.judging.checks import law
from autograder.judging.data import Shape, activations, integers
from autograder.judging.kinds import CONFIDENT, MULTILINEAR, ROUGH, SENSITIVE
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.judging.strategies import few, small
from autograder.model import Student, Unit
from reference.recurrence import attention as oracle

Array = NDArray[Any]
CLOSE = 1e-9  # between two of the student's own answers
SHARES = 16  # weights and erasures are multiples of 1 / SHARES


def _weighing(rng: np.random.Generator, name: str, shape: Shape) -> Array:
    """Weights that add up to 1, erasures from 0 to 1, and else multiples of SHARES squared: no rounding anywhere."""
    if name == "w":
        return rng.multinomial(SHARES, np.full(shape, 1 / shape[0])) / SHARES
    if name == "erase":
        return rng.integers(0, SHARES + 1, shape) / SHARES
    return SHARES**2 * integers(rng, name, shape)


def _hard(rng: np.random.Generator, name: str, shape: Shape) -> Array:
    """All of the weight on one slot, and columns erased wholly or not at all."""
    if name == "w":
        return np.asarray(np.eye(shape[0])[rng.integers(shape[0])])
    return rng.integers(0, 2, shape).astype(np.float64) if name == "erase" else integers(rng, name, shape)


def _empty(rng: np.random.Generator, name: str, shape: Shape) -> Array:
    """A memory with an empty slot at least, and sometimes an empty key."""
    values = activations(rng, name, shape)
    if name == "key":
        return values * float(rng.random() < 0.7)
    values[rng.random(len(values)) < 0.3] = 0
    values[rng.integers(len(values))] = 0
    return values


def _long_and_short(rng: np.random.Generator, name: str, shape: Shape) -> Array:
    """Slots and keys from a millionth to a thousand in length, which plays no part."""
    return activations(rng, name, shape) * 2.0 ** rng.integers(-20, 11, (*shape[:-1], 1))


def _masked(rng: np.random.Generator, name: str, shape: Shape) -> Array:
    """Masks that show half of the slots, and one at least."""
    if name != "mask":
        return activations(rng, name, shape)
    always = np.arange(shape[-1]) == rng.integers(shape[-1], size=(*shape[:-1], 1))
    return np.asarray((rng.random(shape) < 0.5) | always)


def _large(rng: np.random.Generator, name: str, shape: Shape) -> Array:
    """Scores of thousands."""
    return _masked(rng, name, shape) * 64 if name in ("q", "K") else _masked(rng, name, shape)


def memory(m: int, w: int, beta: float) -> Sizes:
    return Sizes({"memory": (m, w), "key": (w,)}, values={"beta": beta})


@st.composite
def memories(draw: DrawFn, betas: tuple[float, ...] = (0.5, 1.0, 2.0, 5.0), slots: int = 2) -> Sizes:
    return memory(draw(st.integers(slots, 5)), draw(small), draw(st.sampled_from(betas)))


def reading(m: int, w: int) -> Sizes:
    return Sizes({"memory": (m, w), "w": (m,)})


def writing(m: int, w: int) -> Sizes:
    return Sizes({"memory": (m, w), "w": (m,), "erase": (w,), "add": (w,)})


def lookup(n: int, q: int, m: int, d: int, w: int, mask: str = "") -> Sizes:
    """The sizes of attention, in the order N, Q, M, D, W; the mask is none, one for all queries, or one for each."""
    arrays: dict[str, tuple[int, ...]] = {"q": (n, q, d), "K": (n, m, d), "V": (n, m, w)}
    if mask:
        arrays["mask"] = (n, m) if mask == "shared" else (n, q, m)
    return Sizes(arrays)


def lookups(mask: str = "", slots: int = 1) -> SearchStrategy[Sizes]:
    return st.builds(lookup, few, few, st.integers(slots, 5), small, small, st.just(mask))


ADDRESS = Layer.of(
    forward="content_address(memory, key, beta) -> w", oracle=oracle.content_address, kind=ROUGH,
    axes={"memory": "M W", "key": "W", "w": "M"},
    conditions={"beta is not 1": lambda v: v["beta"] != 1},
)  # fmt: skip
READ = Layer.of(
    forward="soft_read(memory, w) -> r", oracle=oracle.soft_read, kind=replace(MULTILINEAR, data=_weighing),
    axes={"memory": "M W", "w": "M", "r": "W"},
)  # fmt: skip
WRITE = Layer.of(
    forward="soft_write(memory, w, erase, add) -> written", oracle=oracle.soft_write,
    kind=replace(MULTILINEAR, data=_weighing), axes={"memory": "M W", "w": "M", "erase": "W", "written": "M W"},
)  # fmt: skip
AXES = {"q": "N Q D", "K": "N M D", "V": "N M W", "out": "N Q W", "weights": "N Q M"}
ATTENTION = Layer.of(
    forward="attention_read(q, K, V) -> out, weights", oracle=oracle.attention_read, kind=ROUGH, axes=AXES
)
MASKED = Layer.of(
    forward="attention_read(q, K, V, mask) -> out, weights", oracle=oracle.attention_read, axes=AXES,
    kind=replace(ROUGH, data=_masked),
)  # fmt: skip

SOME = Stratum("some", "a few slots", memories(), edges=(memory(3, 2, 1.0), memory(4, 4, 2.0), memory(1, 3, 1.0)))
LENGTHS = Stratum(
    "lengths", "slots and keys of all lengths", memories(), kind=replace(ROUGH, data=_long_and_short),
    edges=(memory(4, 3, 2.0),),
)  # fmt: skip
EMPTY = Stratum(
    "empty", "a slot or the key is zero", memories(), kind=replace(ROUGH, data=_empty), edges=(memory(4, 3, 2.0),)
)
READS = Stratum("some", "a few slots", st.builds(reading, small, small), edges=(reading(3, 2), reading(4, 4)))
WRITES = Stratum("some", "a few slots", st.builds(writing, small, small), edges=(writing(3, 2), writing(4, 4)))
PLAIN = Stratum(
    "plain", "no mask", lookups(),
    edges=(lookup(2, 3, 5, 4, 6), lookup(1, 1, 2, 2, 1), lookup(3, 4, 4, 4, 4)),
)  # fmt: skip
SHARED = Stratum(
    "shared-mask", "one mask for all queries of a sample", lookups("shared", slots=2),
    edges=(lookup(2, 3, 5, 4, 6, "shared"), lookup(1, 2, 4, 3, 2, "shared"), lookup(3, 3, 5, 2, 4, "shared")),
)  # fmt: skip
### BEGIN HIDDEN TESTS
SHARP = Stratum(
    "sharp", "beta in the thousands", memories((1000.0, 3000.0)), hidden=True, kind=CONFIDENT,
    edges=(memory(4, 3, 1000.0),),
)  # fmt: skip
ADDRESS_PRECISION = Stratum(
    "precision", "float64 precision", memories(), hidden=True, kind=SENSITIVE, count=4, edges=(memory(5, 3, 2.0),)
)
HARD = Stratum(
    "hard", "weight on one slot, columns erased wholly or not at all", st.builds(writing, small, small), hidden=True,
    kind=replace(MULTILINEAR, data=_hard), edges=(writing(4, 3),),
)  # fmt: skip
EACH = Stratum(
    "own-masks", "a mask for each query", lookups("each", slots=2), hidden=True,
    edges=(lookup(2, 3, 5, 4, 6, "each"), lookup(3, 3, 3, 2, 4, "each")),
)  # fmt: skip
LARGE = Stratum(
    "large", "scores of thousands", lookups("shared", slots=2), hidden=True, kind=replace(CONFIDENT, data=_large),
    edges=(lookup(2, 3, 5, 4, 6, "shared"),),
)  # fmt: skip
READ_PRECISION = Stratum(
    "precision", "float64 precision", lookups(slots=2), hidden=True, kind=SENSITIVE, count=4,
    edges=(lookup(2, 3, 5, 4, 6),),
)  # fmt: skip
### END HIDDEN TESTS


@law(ADDRESS, SOME)
def sums_to_one(student: Student, case: LayerCase) -> None:
    """The weights of content_address are 0 or more, and 1 in all."""
    w = ADDRESS.run(student, case)["w"]
    ADDRESS.same("the sum of w", w.sum(), 1.0, CLOSE)
    ADDRESS.same("what is below 0 in w", np.minimum(w, 0), 0 * w, 0.0)


@law(ADDRESS, SOME)
def follows_the_slots(student: Student, case: LayerCase) -> None:
    """Slots in another order have their weights in that order."""
    turned = ADDRESS.run(student, case, memory=case["memory"][::-1].copy())["w"]
    ADDRESS.same("w of the slots in reverse", turned, ADDRESS.run(student, case)["w"][::-1], CLOSE)


@law(ADDRESS, SOME)
def sharp_beta_picks_one(student: Student, case: LayerCase) -> None:
    """A beta of a billion gives all the weight to the slot that points the way of the key."""
    key = np.abs(case["key"]) + 1
    w = student.call("content_address", np.stack((-key, 3 * key)), key, 1e9)
    ADDRESS.same("w with beta = 1e9", w, np.array([0.0, 1.0]), CLOSE)


@law(WRITE, WRITES)
def keeps_what_is_not_written(student: Student, case: LayerCase) -> None:
    """With erase and add zero, soft_write leaves the memory as it is."""
    nothing = 0 * case["add"]
    written = WRITE.run(student, case, erase=nothing, add=nothing)["written"]
    WRITE.same("what is written", written, case["memory"], CLOSE)


@law(WRITE, WRITES)
def replaces_one_slot(student: Student, case: LayerCase) -> None:
    """All weight on the first slot, erased wholly: it holds what was added, and the others what they did."""
    w, rows = np.zeros_like(case["w"]), case["memory"].copy()
    w[0], rows[0] = 1, case["add"]
    WRITE.same("what is written", WRITE.run(student, case, w=w, erase=0 * case["add"] + 1)["written"], rows, CLOSE)


@law(ATTENTION, PLAIN)
def rows_sum_to_one(student: Student, case: LayerCase) -> None:
    """The weights of each query add up to 1 over the slots."""
    weights = ATTENTION.run(student, case)["weights"]
    ATTENTION.same("the sum of weights", weights.sum(-1), np.ones(weights.shape[:2]), CLOSE)


@law(ATTENTION, PLAIN)
def nothing_asked_reads_the_mean(student: Student, case: LayerCase) -> None:
    """A query of zeros likes all keys alike: it reads the mean of the values."""
    out = ATTENTION.run(student, case, q=0 * case["q"])["out"]
    ATTENTION.same("out for q = 0", out, np.broadcast_to(case["V"].mean(1, keepdims=True), out.shape), CLOSE)


@law(ATTENTION, PLAIN)
def order_of_slots_plays_no_part(student: Student, case: LayerCase) -> None:
    """Keys and values in another order, both alike: what is read stays the same."""
    turned = {name: case[name][:, ::-1].copy() for name in ("K", "V")}
    before = ATTENTION.run(student, case)["out"]
    ATTENTION.same("out with the slots in reverse", ATTENTION.run(student, case, **turned)["out"], before, CLOSE)


@law(MASKED, SHARED)
def hidden_slots_play_no_part(student: Student, case: LayerCase) -> None:
    """Whatever a hidden slot holds, what is read stays the same."""
    hidden = ~case["mask"][..., None]
    changed = {name: case[name] + 3 * hidden for name in ("K", "V")}
    before = MASKED.run(student, case)["out"]
    MASKED.same("out with other hidden slots", MASKED.run(student, case, **changed)["out"], before, CLOSE)


UNIT = Unit(
    path="recurrence/attention",
    title="Soft addressing and attention",
    checks=(
        *layer_checks(
            ADDRESS,
            forward={
                SOME: 1, LENGTHS: 1, EMPTY: 1,
                ### BEGIN HIDDEN TESTS
                SHARP: 1, ADDRESS_PRECISION: 1,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(READ, forward={READS: 2}),
        *layer_checks(
            WRITE,
            forward={
                WRITES: 2,
                ### BEGIN HIDDEN TESTS
                HARD: 1,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            ATTENTION,
            forward={
                PLAIN: {"out": 2, "weights": 2},
                ### BEGIN HIDDEN TESTS
                READ_PRECISION: {"out": 1},
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            MASKED, advice=False,
            forward={
                SHARED: {"out": 1, "weights": 1},
                ### BEGIN HIDDEN TESTS
                EACH: {"out": 1, "weights": 1}, LARGE: {"weights": 1},
                ### END HIDDEN TESTS
            },
        ),
        sums_to_one, follows_the_slots, sharp_beta_picks_one, keeps_what_is_not_written, replaces_one_slot,
        rows_sum_to_one, nothing_asked_reads_the_mean, order_of_slots_plays_no_part, hidden_slots_play_no_part,
    ),
)  # fmt: skip

"""Checks for recurrence/digit_strips: a reader of three digits, built, trained and used; all of it for the bonus."""

import functools
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from autograder.drivers.recurrence import digit_strips as driver
from autograder.errors import Mismatch
from autograder.judging.cases import Cases
from autograder.judging.checks import check
from autograder.judging.compare import describe, expect_array
from autograder.judging.data import Shape
from autograder.judging.driven import driven
from autograder.judging.kinds import PLAIN
from autograder.judging.layer_case import Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.model import Limits, Request, Student, Unit
from autograder.units.recurrence.digit_strips_pasted import strips
from reference.recurrence import digit_strips as oracle

Array = NDArray[Any]
ENOUGH = 0.6  # of new strips


def _scores(rng: np.random.Generator, name: str, shape: Shape) -> Array:
    """Logits without ties."""
    return rng.standard_normal(shape)


def read(n: int, training: bool = False) -> Sizes:
    return Sizes({"logits": (n, oracle.DIGITS, 10)}, values={"training": training})


def built(num_classes: int, count: int) -> Sizes:
    return Sizes(values={"num_classes": num_classes, "count": count})


READ = Layer.of(
    "read(logits, training) -> found", oracle=driven(driver.read, oracle), kind=replace(PLAIN, data=_scores),
    functions=("read_strips",), axes={"logits": "N L K"},
)  # fmt: skip
BUILD = Layer.of(
    "build(num_classes, count) -> found", oracle=driven(driver.build, oracle), kind=PLAIN, functions=("build_reader",)
)

RESTING = Stratum(
    "resting", "a model in evaluation mode", st.builds(read, st.integers(1, 5)), edges=(read(4),), count=4
)
TEN = Stratum("ten", "ten digits", st.builds(built, st.just(10), st.integers(2, 4)), edges=(built(10, 3),), count=2)
### BEGIN HIDDEN TESTS
TRAINING = Stratum(
    "training", "a model in training mode", st.builds(read, st.integers(1, 5), st.just(True)), edges=(read(4, True),),
    hidden=True, count=4,
)  # fmt: skip
FEW = Stratum("few", "fewer digits", st.builds(built, st.integers(2, 9), st.integers(2, 4)), hidden=True, count=2)
### END HIDDEN TESTS


@functools.cache
def _little(seed: int) -> tuple[Request, Array]:
    """Strips of noise, and digits to remember them by."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, (40, oracle.DIGITS))
    noise = rng.standard_normal((40, 1, oracle.HEIGHT, oracle.WIDTH))
    return Request("train", (noise, labels, seed, 15)), labels


@functools.cache
def _much(seed: int) -> tuple[Request, list[str]]:
    """The experiment, and what stands on the new strips."""
    known, labels, new, texts = strips(seed, 1200, 300)
    request = Request("learn_strips", (known, labels, new), {"epochs": 5, "lr": 0.005, "seed": seed})
    return request, ["".join(map(str, digits)) for digits in texts]


def _known(logits: Any, labels: Array) -> list[float]:
    """The shares of strips whose first, second and third digit a model gets right."""
    expect_array("logits", logits, np.zeros((*labels.shape, 10)))
    return [float(share) for share in (logits.argmax(-1) == labels).mean(0)]


LITTLE = Cases("train_reader.little", st.integers(0, 2**16), build=_little, count=1)
# One seed for all: a search for a smaller one that fails would train again and again.
MUCH = Cases("train_reader.experiment", st.just(0), build=_much, count=1)


@check("train_reader", given=LITTLE, points=3, bonus=True)
def learns_by_heart(student: Student, case: tuple[Request, Array]) -> None:
    """train_reader teaches a small model all three digits of 40 strips of noise, in training mode."""
    request, labels = case
    found = student.ask(request)
    shares = _known(found["logits"], labels)
    for share, name in zip(shares, ("first", "second", "third"), strict=True):
        if not share >= 0.9:
            raise Mismatch(f"after 15 epochs {share:.0%} of the {name} digits are known by heart, but 90 % should be")
    if not found["training"]:
        raise Mismatch("the model learns in evaluation mode: call model.train() first")


### BEGIN HIDDEN TESTS
@check("train_reader", given=replace(LITTLE, name="train_reader.seed"), points=2, bonus=True, hidden=True)
def depends_on_the_seed_alone(student: Student, case: tuple[Request, Array]) -> None:
    """train_reader comes to the same model with the same seed, and to another with another."""
    request, labels = case
    found = student.ask(request)
    if not found["same"]:
        raise Mismatch("the same seed gives two different models")
    if not found["others"]:
        raise Mismatch("four seeds give the same model: the order should depend on the seed")
    if not min(max(_known(found[name], labels)) for name in ("logits", "logits of another seed")) >= 0.5:
        raise Mismatch(
            "the seed decides on a model that has learnt nothing: train it, in an order that the seed decides"
        )


### END HIDDEN TESTS


@check("train_reader", "build_reader", "read_strips", given=MUCH, points=5, bonus=True)
def reads_new_strips_experiment(student: Student, case: tuple[Request, list[str]]) -> None:
    """Experiment: after 5 epochs on 1200 strips, all three digits are right on 60 % of new ones."""
    request, texts = case
    found = student.ask(request)
    if not isinstance(found, list | tuple) or len(found) != len(texts):
        raise Mismatch(f"read_strips returns {describe(found)}, but should return {len(texts)} texts", kind="type")
    share = sum(map(str.__eq__, texts, map(str, found))) / len(texts)
    if not share >= ENOUGH:
        text = f"{share:.0%} of new strips are read without a mistake, but {ENOUGH:.0%} should be"
        raise Mismatch(f"{text} (about 84 % are usual)")


UNIT = Unit(
    path="recurrence/digit_strips",
    title="Reading strips of digits",
    allowed_packages=("numpy", "torch"),
    driver="recurrence/digit_strips",
    limits=Limits(call_seconds=60, submission_seconds=150),
    checks=(
        *layer_checks(
            BUILD, bonus=True,
            forward={
                TEN: 4,
                ### BEGIN HIDDEN TESTS
                FEW: 2,
                ### END HIDDEN TESTS
            },
        ),
        learns_by_heart,
        ### BEGIN HIDDEN TESTS
        depends_on_the_seed_alone,
        ### END HIDDEN TESTS
        *layer_checks(
            READ, bonus=True,
            forward={
                RESTING: 2,
                ### BEGIN HIDDEN TESTS
                TRAINING: 2,
                ### END HIDDEN TESTS
            },
        ),
        reads_new_strips_experiment,
    ),
)  # fmt: skip

"""Checks for vision/adversarial: an attack, what it leaves alone, and training against it."""

import functools
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from numpy.typing import NDArray

from autograder.drivers.vision import adversarial as driver
from autograder.errors import Mismatch
from autograder.judging.cases import Cases
from autograder.judging.checks import check
from autograder.judging.compare import expect_array
from autograder.judging.data import Shape
from autograder.judging.driven import driven
from autograder.judging.kinds import STATE
from autograder.judging.layer_case import Sizes
from autograder.judging.layers import Layer, Stratum, layer_checks
from autograder.model import Limits, Student, Unit
from reference import datasets
from reference.vision import adversarial as oracle

Array = NDArray[Any]
CLASSES = 3


def _models(rng: np.random.Generator, name: str, shape: Shape) -> Array:
    """Pixels from 0 to 1, some at the limits; weights under which many images are misread; statistics of some data."""
    if name == "y":
        return np.asarray(rng.permutation(np.arange(shape[0]) % CLASSES))
    if name == "x":
        return np.clip(rng.uniform(-0.1, 1.1, shape), 0, 1)
    if name.endswith(("running_var", "bn.weight")):
        return rng.uniform(0.5, 2, shape)
    return rng.standard_normal(shape) / 2


@st.composite
def attacks(draw: DrawFn, /, **options: Any) -> Sizes:
    return _sizes(draw, **options)


@st.composite
def ranges(draw: DrawFn) -> Sizes:
    lo, hi = draw(st.sampled_from([(-0.5, 1.0), (0.125, 0.875), (0.0, 0.5)]))
    return _sizes(draw, eps=draw(st.sampled_from([0.0625, 0.25])), lo=lo, hi=hi)


@st.composite
def trainings(draw: DrawFn, /, *, alpha: float | None = None) -> Sizes:
    more = {} if alpha is None else {"alpha": draw(st.sampled_from([0.125, 0.75, alpha]))}
    return _sizes(draw, steps=draw(st.integers(1, 3)), lr=0.125, eps=draw(st.sampled_from([0.0625, 0.25])), **more)


def _sizes(draw: DrawFn, **options: Any) -> Sizes:
    n, channels, filters = draw(st.integers(3, 5)), draw(st.integers(1, 2)), draw(st.integers(2, 3))
    height, width = draw(st.integers(2, 4)), draw(st.integers(3, 5))
    arrays: dict[str, Shape] = {"state.conv.weight": (filters, channels, 3, 3), "state.conv.bias": (filters,)}
    arrays |= {f"state.bn.{part}": (filters,) for part in ("weight", "bias", "running_mean", "running_var")}
    arrays |= {"state.head.weight": (CLASSES, filters * height * width), "state.head.bias": (CLASSES,)}
    return Sizes({**arrays, "x": (n, channels, height, width), "y": (n,)}, options)


MODELS = replace(STATE, data=_models)
ATTACK = Layer.of(
    "attack_probe(state, x, y) -> attacked", functions=("fgsm",), kind=MODELS, axes={"x": "N C H W"},
    oracle=driven(driver.attack_probe, oracle),
)  # fmt: skip
TRAINING = Layer.of(
    "training_probe(state, x, y) -> state_after", functions=("adversarial_training_step", "fgsm"), kind=MODELS,
    axes={"x": "N C H W"}, oracle=driven(driver.training_probe, oracle),
)  # fmt: skip

DEFAULT = Stratum("default", "a step of 0.007, pixels from 0 to 1", attacks(), count=3)
SIZES = Stratum("eps", "larger steps", attacks(eps=0.25), count=5)
STEPS = Stratum("steps", "one to three steps", trainings(), count=6)
### BEGIN HIDDEN TESTS
RANGES = Stratum("range", "pixels in another range", ranges(), hidden=True, count=5)
ALPHA = Stratum("alpha", "other shares of the two losses", trainings(alpha=0.0), hidden=True, count=5)


@dataclass(frozen=True, slots=True)
class Victim:
    """A trained model, and digits from 0 to 1 that it reads."""

    state: dict[str, Array]
    x: Array
    y: Array


@functools.cache
def _victim(seed: int) -> Victim:
    rng = np.random.default_rng(seed)
    images, labels = datasets.digits()
    order = rng.permutation(len(labels))
    x, y = (images[order] + 1) / 2, labels[order]
    shapes = {"conv.weight": (8, 1, 3, 3), "conv.bias": (8,), "bn.weight": (8,), "bn.bias": (8,)}
    shapes |= {"bn.running_mean": (8,), "bn.running_var": (8,), "head.weight": (10, 512), "head.bias": (10,)}
    start = {name: rng.standard_normal(shape) / 8 for name, shape in shapes.items()}
    start |= {name: np.ones(8) for name in ("bn.weight", "bn.running_var")}
    tensors = {name: torch.from_numpy(value) for name, value in start.items()}
    trained = driver.train(tensors, torch.from_numpy(x[:1400]), torch.from_numpy(y[:1400]), epochs=4, rng=rng)
    state = {name: value.numpy() for name, value in trained.items() if "num_batches" not in name}
    return Victim(state, x[1400:], y[1400:])


def read_rightly(victim: Victim, x: Array) -> float:
    """The share of images that the victim reads rightly."""
    state = {name: torch.from_numpy(value) for name, value in victim.state.items()}
    found = driver.logits(state, torch.from_numpy(x)).argmax(1).numpy()
    return float((found == victim.y).mean())


@check(
    "fgsm", given=Cases("fgsm.experiment.digits", st.integers(0, 2**16), build=_victim, count=1), points=2, hidden=True
)
def fools_a_model_of_digits_experiment(student: Student, case: Victim) -> None:
    """Experiment: with eps 0.2, a model reads a quarter of the digits at most; random signs hardly trouble it."""
    found = student.call("attacked_digits_experiment", case.state, case.x, case.y, eps=0.2)
    attacked = found.get("attacked") if isinstance(found, dict) else None
    expect_array("attacked", attacked, case.x)
    images = np.asarray(attacked, np.float64)
    moved = np.abs(images - case.x)
    if not (moved.max() <= 0.2 + 1e-6 and images.min() >= 0 and images.max() <= 1):
        raise Mismatch(f"pixels are moved by up to {moved.max():.3g}, but should be by 0.2 at most, and stay in 0 to 1")
    right = read_rightly(case, images)
    if not right <= 0.25:
        raise Mismatch(f"{right:.0%} of the attacked digits are still read rightly, but 25 % at most should be")


### END HIDDEN TESTS

UNIT = Unit(
    path="vision/adversarial",
    title="Adversarial examples",
    driver="vision/adversarial",
    allowed_packages=("numpy", "torch"),
    limits=Limits(call_seconds=20),
    checks=(
        *layer_checks(
            ATTACK,
            forward={
                DEFAULT: 1, SIZES: 4,
                ### BEGIN HIDDEN TESTS
                RANGES: 2,
                ### END HIDDEN TESTS
            },
        ),
        *layer_checks(
            TRAINING,
            forward={
                STEPS: 5,
                ### BEGIN HIDDEN TESTS
                ALPHA: 1,
                ### END HIDDEN TESTS
            },
        ),
        ### BEGIN HIDDEN TESTS
        fools_a_model_of_digits_experiment,
        ### END HIDDEN TESTS
    ),
)  # fmt: skip

"""Digits pasted on noisy canvases: a source task, classes 0 to 5, and a target task, 6 to 9, of which few are given."""

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from autograder.drivers.vision import transfer as driver
from reference import datasets

Array = NDArray[Any]
SIDE = 16
NOISE = 0.05
DRAWS, SHOTS = 8, 2
SOURCE_CLASSES = 6
PASTINGS = 6  # of each digit of the source, in different places
LEARNT_FROM, TESTED = 400, 300
SIZES = {"stem": (16, 1, 3, 3), "middle": (32, 16, 3, 3), "body": (64, 32, 3, 3)}


@dataclass(frozen=True, slots=True)
class Pasted:
    """A source model, draws of a few images of the target classes, others to be tried on, and what scratch comes to."""

    seed: int
    state: dict[str, Array]
    x: Array
    y: Array
    new_x: Array
    new_y: Array
    scratch: float


@functools.cache
def pasted(seed: int) -> Pasted:
    """Trained by the driver's own loop: `scratch` is the accuracy of models that start from random weights."""
    rng = np.random.default_rng(seed)
    images, labels = _canvases(rng, 1)
    target = labels >= SOURCE_CLASSES
    x, y = images[target], labels[target] - SOURCE_CLASSES
    drawn = [_few(rng, y[:LEARNT_FROM]) for _ in range(DRAWS)]
    new_x, new_y = x[LEARNT_FROM:][:TESTED], y[LEARNT_FROM:][:TESTED]
    images, labels = _canvases(rng, PASTINGS)
    source = labels < SOURCE_CLASSES
    state = _trained(images[source], labels[source], SOURCE_CLASSES, 1, rng)
    scratch = []
    for few in drawn[:3]:
        alone = _trained(x[few], y[few], 10 - SOURCE_CLASSES, 40, rng)
        tensors = {name: torch.from_numpy(value) for name, value in alone.items()}
        scratch.append(accuracy(driver.logits(tensors, torch.from_numpy(new_x)).numpy(), new_y))
    return Pasted(seed, state, x[np.stack(drawn)], y[drawn[0]], new_x, new_y, float(np.mean(scratch)))


def accuracy(logits: Array, labels: Array) -> float:
    """The share of images, in all draws, whose largest logit is that of the label."""
    return float((np.argmax(logits, -1) == labels).mean())


def _few(rng: np.random.Generator, y: Array) -> Array:
    """SHOTS images of each class, the classes in order."""
    return np.concatenate([rng.permutation(np.flatnonzero(y == label))[:SHOTS] for label in range(y.max() + 1)])


def _trained(x: Array, y: Array, classes: int, epochs: int, rng: np.random.Generator) -> dict[str, Array]:
    start = {name: torch.from_numpy(value) for name, value in _start(rng, classes).items()}
    state = driver.train(start, torch.from_numpy(x), torch.from_numpy(y), epochs=epochs, lr=0.1, rng=rng)
    return {name: value.numpy() for name, value in state.items() if "num_batches" not in name}


def _canvases(rng: np.random.Generator, pastings: int) -> tuple[Array, Array]:
    """Each digit somewhere on canvases of noise: (N, 1, SIDE, SIDE), in random order."""
    x, y = datasets.digits()
    x, y = np.tile(x, (pastings, 1, 1, 1)), np.tile(y, pastings)
    images = NOISE * rng.standard_normal((len(x), 1, SIDE, SIDE))
    corners = rng.integers(0, SIDE - 8 + 1, (len(x), 2))
    for image, digit, (top, left) in zip(images, x, corners, strict=True):
        image[:, top : top + 8, left : left + 8] += (digit + 1) / 2
    order = rng.permutation(len(x))
    return images[order], y[order]


def _start(rng: np.random.Generator, classes: int) -> dict[str, Array]:
    """Random weights, by the names of a model's state."""
    state = {}
    for name, shape in SIZES.items():
        state[f"{name}.conv.weight"] = rng.standard_normal(shape) * np.sqrt(2 / np.prod(shape[1:]))
        zeros, ones = np.zeros(shape[0]), np.ones(shape[0])
        state |= {f"{name}.bn.{part}": value for part, value in (("weight", ones), ("bias", zeros))}
        state |= {f"{name}.bn.running_mean": zeros.copy(), f"{name}.bn.running_var": ones.copy()}
    width = SIZES["body"][0]
    state["head.weight"] = rng.standard_normal((classes, width)) / np.sqrt(width)
    return state | {"head.bias": np.zeros(classes)}

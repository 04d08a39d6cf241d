"""Data for vision/detection: boxes in corners, scores, and what a network returns beside what it should."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging.data import Shape

Array = NDArray[Any]
Generator = np.random.Generator

RELATED = ((0, 0, 4, 6), (1, 1, 3, 4), (4, 0, 6, 6), (4, 6, 5, 9), (6, 7, 9, 9), (0, 2, 4, 3), (-2, -3, 0, 0))


def _boxes(rng: Generator, count: int, least: int = 1, room: int = 7) -> Array:
    """Boxes with whole corners, close enough together that many overlap, touch, or hold one another."""
    corner = rng.integers(-3, room - 3, (count, 2))
    return np.concatenate([corner, corner + rng.integers(least, room, corner.shape)], 1).astype(np.float64)


def _scores(rng: Generator, count: int) -> Array:
    """Scores from 0 to 1, no two alike."""
    return (rng.permutation(64)[:count] + 1) / 65


def crowded(rng: Generator, name: str, shape: Shape) -> Array:
    return _scores(rng, shape[0]) if name == "scores" else _boxes(rng, shape[0])


def related(rng: Generator, name: str, shape: Shape) -> Array:
    """Boxes that are equal, hold one another, touch at a side or a corner, or lie apart."""
    return np.array(RELATED, np.float64)[rng.integers(0, len(RELATED), shape[0])]


def flat(rng: Generator, name: str, shape: Shape) -> Array:
    """Boxes of which many have no width, no height, or neither."""
    return _boxes(rng, shape[0], least=0, room=3)


def pixels(rng: Generator, name: str, shape: Shape) -> Array:
    """Boxes in a photograph, with fractions of a pixel."""
    corner = rng.uniform(0, 500, (shape[0], 2))
    return np.concatenate([corner, corner + rng.uniform(100, 700, corner.shape)], 1)


def chained(rng: Generator, name: str, shape: Shape) -> Array:
    """A row of boxes in which each overlaps its neighbours, and IoUs of exactly 1/4, 1/2 or 3/4 with some."""
    if name == "scores":
        return _scores(rng, shape[0])
    start = rng.permutation(shape[0])
    y, width, height = rng.integers(-3, 4), rng.choice((3, 5, 6, 7)), rng.integers(1, 5)
    boxes = np.stack([start, 0 * start + y, start + width, 0 * start + y + height], 1).astype(np.float64)
    return boxes if rng.integers(2) else boxes[:, [1, 0, 3, 2]]


def tied(rng: Generator, name: str, shape: Shape) -> Array:
    """Scores of which several are equal."""
    return rng.integers(1, 4, shape) / 4 if name == "scores" else _boxes(rng, shape[0])


def cells(rng: Generator, name: str, shape: Shape) -> Array:
    """Predictions from 0 to 1."""
    return rng.integers(1, 129, shape) / 128


def mixed(rng: Generator, name: str, shape: Shape) -> Array:
    """What a network returns and what it should; labels up to 2, some of them background and some not."""
    if name == "labels":
        labels = rng.integers(0, 3, shape)
        labels[:2] = (0, rng.integers(1, 3))[: len(labels)]
        return rng.permutation(labels)
    if name == "target_masks":
        return rng.integers(0, 2, shape).astype(np.float64)
    return rng.integers(-2048, 2049, shape) / 1024


def background(rng: Generator, name: str, shape: Shape) -> Array:
    """As `mixed`, with nothing but background."""
    return np.zeros(shape, np.int64) if name == "labels" else mixed(rng, name, shape)


def extreme(rng: Generator, name: str, shape: Shape) -> Array:
    """As `mixed`, with logits up to 1000 in size; half of the time nothing but background."""
    values = mixed(rng, name, shape)
    return values * rng.integers(0, 2) if name == "labels" else values * (500 if name.endswith("logits") else 1)

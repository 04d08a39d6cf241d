"""Data for functions on images: pixel values, offsets, statistics, affine matrices of shape (2, 3)."""

import numpy as np

from autograder.judging.data import Floats, Shape, activations, signed_integers

LINEAR = (((1, 0), (0, 1)), ((0, -1), (1, 0)), ((0, 1), (-1, 0)), ((-1, 0), (0, 1)), ((0, 1), (1, 0)))


def whole_steps(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """Quarter turns, mirrors and whole steps: every position is that of a pixel."""
    if name != "matrix":
        return signed_integers(rng, 4, shape)
    linear = np.array(LINEAR[rng.integers(len(LINEAR))])
    return np.column_stack([linear, rng.integers(-1, 4, 2)]).astype(np.float64)


def quarter_steps(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """Positions in steps of 1/4, so that weights are multiples of 1/16 and nothing is rounded."""
    if name != "matrix":
        return signed_integers(rng, 4, shape)
    linear = np.diag(rng.integers(3, 7, 2)) + np.array([[0, 1], [1, 0]]) * rng.integers(-2, 3, (2, 2))
    return np.column_stack([linear, rng.integers(-6, 7, 2)]) / 4


def turned(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """Rotations by any angle, about some point."""
    if name != "matrix":
        return activations(rng, name, shape)
    angle, zoom = rng.uniform(-3, 3), rng.uniform(0.7, 1.4)
    c, s = zoom * np.cos(angle), zoom * np.sin(angle)
    return np.array([[c, -s, rng.uniform(-2, 3)], [s, c, rng.uniform(-2, 3)]])


def byte_values(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """Pixel values as a camera gives them, and offsets that take some of them past the ends."""
    values = signed_integers(rng, 60, shape) if name == "offsets" else rng.integers(0, 256, shape)
    return values.astype(np.float64)


def statistics(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """Standard deviations are powers of two, so that dividing by them is exact."""
    if name == "std":
        return np.asarray(2.0 ** rng.integers(1, 4, shape))
    return 8 * signed_integers(rng, 4, shape)


def constant(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """As `statistics`, with a first channel that did not vary."""
    values = statistics(rng, name, shape)
    if name == "std":
        values[0] = 0
    return values


def probabilities(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    return rng.dirichlet(np.ones(shape[-1]), shape[:-1])

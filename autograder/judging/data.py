"""What the arrays of a case hold: numbers chosen so that right and wrong can be told apart.

Each kind of layer has data that make rounding vanish or stay bounded; `docs/grading.md` gives the reasons. A data
function takes a generator, the array's name and its shape, and returns float64 (or integers: labels, masks).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Shape = tuple[int, ...]
Floats = NDArray[np.float64]
Data = Callable[[np.random.Generator, str, Shape], NDArray[Any]]

RESOLUTION = 1024  # smooth data are multiples of 1 / RESOLUTION
SPACING = 4096  # between any two entries of a permutation: steps of up to 1024 never change which one is larger


def signed_integers(rng: np.random.Generator, limit: int, shape: Shape) -> Floats:
    """Integers from ±1 to ±limit, never 0."""
    magnitudes = rng.integers(1, limit + 1, shape)
    return np.asarray(magnitudes * rng.choice((-1, 1), shape), np.float64)


def integers(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """Integers ±1 to ±4: sums of their products have no rounding error, in any order, in float32 too."""
    return signed_integers(rng, 4, shape)


def permutation(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """SPACING times a permutation around zero: no ties, and both signs."""
    count = int(np.prod(shape))
    return (SPACING * (rng.permutation(count) - count // 2)).reshape(shape).astype(np.float64)


def negative_permutation(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """As `permutation`, but below zero throughout: a maximum that starts at 0 is never right."""
    return permutation(rng, name, shape) - SPACING * float(np.prod(shape))


def few_values(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """Integers from -1 to 1: most windows have ties."""
    return rng.integers(-1, 2, shape).astype(np.float64)


def reals(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """Normal numbers on a scale drawn from eight decades."""
    return rng.standard_normal(shape) * 10.0 ** int(rng.integers(-4, 5))


def short_reals(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """As `reals`, but exact in float32 too, so that code which works in float32 has not lost anything yet."""
    return reals(rng, name, shape).astype(np.float32).astype(np.float64)


def activations(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """For smooth layers: multiples of 2**-10 up to 2 in size; a recurrent matrix has spectral norm 1 at most.

    With expanding recurrent weights, correct code would fail any numeric check after 20 to 40 steps.
    """
    values = rng.integers(-2 * RESOLUTION, 2 * RESOLUTION + 1, shape) / RESOLUTION
    if name.startswith("Wh"):
        values = values / max(1.0, float(np.linalg.norm(values, 2)))
    return values


def saturating(rng: np.random.Generator, name: str, shape: Shape) -> Floats:
    """As `activations`, with inputs and biases up to 12 in size, so that many units saturate."""
    values = activations(rng, name, shape)
    return values * 6 if name in ("x", "b") else values

"""Pictures for vision/segmentation: nuclei that do not touch, on a ground that is not even."""

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.model import Request

Array = NDArray[Any]
Generator = np.random.Generator

SIDE = 32
ROWS, COLUMNS = np.mgrid[:SIDE, :SIDE]
GAP = 1.6  # pixels that are free around a nucleus, so that a picture shows as many parts as it has nuclei
EPOCHS, BATCH, RATE = 16, 8, 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Nuclei:
    """A call that trains a network, and what it should find in new pictures: masks (N, H, W) and counts (N,)."""

    request: Request
    masks: Array
    counts: Array


@functools.cache
def nuclei(seed: int, train: int = 96, new: int = 100) -> Nuclei:
    rng = np.random.default_rng(seed)
    images, masks, _ = _pictures(rng, train)
    new_images, new_masks, counts = _pictures(rng, new)
    return Nuclei(Request("nuclei_experiment", (images, masks, new_images, EPOCHS, BATCH, RATE)), new_masks, counts)


def _pictures(rng: Generator, count: int) -> tuple[Array, Array, Array]:
    drawn = [_picture(rng) for _ in range(count)]
    images, masks, counts = (np.stack(part) for part in zip(*drawn, strict=True))
    return images[:, None].astype(np.float32), masks.astype(np.int64), counts


def _picture(rng: Generator) -> tuple[Array, Array, Array]:
    """One picture with up to six nuclei: pixels, mask, how many there are."""
    down, right = rng.normal(0, 0.25, 2)
    image = 0.3 + (down * ROWS + right * COLUMNS) / (SIDE / 2) - down - right
    mask, count = np.zeros((SIDE, SIDE), bool), 0
    for _ in range(rng.integers(1, 7)):
        radii = rng.uniform(2.2, 4.8, 2)
        place = _free_place(rng, mask, radii)
        if place is not None:
            image = image + rng.uniform(0.5, 1) / (1 + np.exp(np.minimum(4 * (_distance(*place, radii) - 1), 50)))
            mask, count = mask | (_distance(*place, radii) <= 1), count + 1
    return image + rng.normal(0, 0.15, image.shape), mask, np.array(count)


def _free_place(rng: Generator, mask: Array, radii: Array) -> tuple[float, float, float] | None:
    """A row, a column and an angle for a nucleus that keeps away from others; None if 20 tries find none."""
    for _ in range(20):
        place = rng.uniform(4, 28), rng.uniform(4, 28), rng.uniform(0, np.pi)
        if not (mask & (_distance(*place, radii + GAP) <= 1)).any():
            return place
    return None


def _distance(row: float, column: float, angle: float, radii: Array) -> Array:
    """How far each pixel is from the centre of an ellipse, squared: 1 at its edge."""
    down, right = ROWS - row, COLUMNS - column
    along, across = down * np.cos(angle) + right * np.sin(angle), right * np.cos(angle) - down * np.sin(angle)
    return np.asarray((along / radii[0]) ** 2 + (across / radii[1]) ** 2)


def parts(mask: Array) -> int:
    """How many connected parts a mask (H, W) has."""
    from scipy.ndimage import label  # type: ignore[import-untyped]

    return int(label(mask)[1])

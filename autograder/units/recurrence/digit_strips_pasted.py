"""Strips for recurrence/digit_strips: scikit-learn's digits, three side by side, each a little off its place."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference import datasets
from reference.recurrence.digit_strips import DIGITS, HEIGHT, WIDTH

Array = NDArray[Any]
NOISE = 0.1
KNOWN = 1400  # digits for strips to train on; new strips have the other 397


def strips(seed: int, count: int, new: int) -> tuple[Array, Array, Array, Array]:
    """Strips to train on and their labels, new ones and theirs: no digit is on both."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(datasets.digits()[1]))
    return *_paste(rng, order[:KNOWN], count), *_paste(rng, order[KNOWN:], new)


def _paste(rng: np.random.Generator, chosen: Array, count: int) -> tuple[Array, Array]:
    """Strips (count, 1, HEIGHT, WIDTH) of the chosen digits, and labels (count, DIGITS)."""
    images, labels = datasets.digits()
    strips = NOISE * rng.standard_normal((count, 1, HEIGHT, WIDTH))
    picked = rng.choice(chosen, (count, DIGITS))
    for strip, indices in zip(strips, picked, strict=True):
        for place, index in enumerate(indices):
            top, left = rng.integers(0, 3), WIDTH // DIGITS * place + rng.integers(0, 3)
            strip[:, top : top + 8, left : left + 8] += (images[index] + 1) / 2
    return strips.astype(np.float32), labels[picked]

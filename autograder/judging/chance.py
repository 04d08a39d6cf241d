"""What can be said of numbers drawn by chance: whoever draws hundreds rightly never fails by bad luck."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.errors import Mismatch

Array = NDArray[Any]


def expect_uniform(what: str, values: Array, low: float, high: float, *, each: str = "image") -> None:
    """Raise `Mismatch` unless hundreds of `values` lie between `low` and `high` and fill that range evenly."""
    expect_several(what, values, each=each)
    if not ((values >= low - 1e-9) & (values <= high + 1e-9)).all():
        text = f"{what} lies between {values.min():.6g} and {values.max():.6g}"
        raise Mismatch(f"{text}, but should lie between {low:.6g} and {high:.6g}")
    first, last = ((values < low + share * (high - low)).mean() for share in (0.25, 0.75))
    if not (0.15 < first < 0.35 and 0.15 < 1 - last < 0.35):
        text = f"a quarter of {what} should lie in the first quarter of its range and another in the last"
        raise Mismatch(f"{text}, but {first:.0%} and {1 - last:.0%} do")


def expect_all_integers(what: str, values: Array, most: int, *, each: str = "image") -> None:
    """Raise `Mismatch` unless hundreds of `values` are integers from -most to most, all about equally often."""
    expect_several(what, values, each=each)
    counts = [int((values == step).sum()) for step in range(-most, most + 1)]
    if sum(counts) < len(values) or min(counts) == 0 or max(counts) > 3 * len(values) / len(counts):
        text = f"{what} goes from {values.min()} to {values.max()}"
        raise Mismatch(f"{text}, but all integers from {-most} to {most} should be equally likely")


def expect_several(what: str, values: Array, *, each: str) -> None:
    """Raise `Mismatch` if all `values` are one and the same."""
    if len(np.unique(values)) == 1:
        raise Mismatch(f"{what} is the same for all {len(values)} {each}s: draw one for each {each}")


def expect_normal(what: str, values: Array, deviation: float) -> None:
    """Raise `Mismatch` unless thousands of `values` look like normal numbers of mean 0 and this standard deviation."""
    mean, found, count = float(values.mean()), float(values.std()), values.size
    if not abs(mean) <= 6 * deviation / np.sqrt(count):
        raise Mismatch(f"the mean of {what} is {mean:.4g}, but should be near 0")
    if not abs(found / deviation - 1) <= 6 / np.sqrt(2 * count):
        raise Mismatch(f"the variance of {what} is {found**2:.4g}, but should be near {deviation**2:.4g}")
    if len(np.unique(values)) < 0.99 * count:
        raise Mismatch(f"{what} holds the same numbers several times: draw each on its own")
    far = float((np.abs(values) > 2 * deviation).mean())
    if not 0.02 < far < 0.08:
        text = f"{far:.1%} of {what} are further from 0 than 2 standard deviations"
        raise Mismatch(f"{text}, but of normal numbers 4.6 % are")

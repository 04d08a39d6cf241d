"""What can be said of a bank of random Gabor kernels, whose draws are the student's own."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.errors import Mismatch
from autograder.judging.compare import compare, expect_array

Bank = NDArray[np.float64]

FEWEST_AT_BORDER = 1 / 60  # of the kernels are strongest in the first row, and so on; right banks have 1/18
FEWEST_IN_QUARTER = 1 / 15  # of the kernels run in a quarter of all directions; right banks have 1/6 at least


def expect_bank(bank: Any, n: int, size: int) -> None:
    """Raise `Mismatch` unless `bank` holds n kernels of size x size, all of whose entries a Gabor kernel may have."""
    expect_array("bank", bank, np.zeros((n, size, size)), f"  [random_gabor_bank(rng, {n}, {size})]")
    if not (np.abs(bank) <= 1 + 1e-6).all():
        raise Mismatch("a wave under a bell lies between -1 and 1, but the bank does not", result="bank", got=bank)


def expect_draws(draw: Callable[[int], Bank], seed: int) -> None:
    """Raise `Mismatch` unless the same seed gives the same bank, another another, and no kernel is there twice."""
    bank = draw(seed)
    compare("the bank drawn again from the same seed", draw(seed), bank, 0.0)
    if np.array_equal(bank, draw(seed + 1)):
        raise Mismatch("two generators with different seeds give the same bank: draw everything from rng")
    for one, other in combinations(range(len(bank)), 2):
        if np.array_equal(bank[one], bank[other]):
            raise Mismatch(f"bank[{one}] and bank[{other}] are equal: draw anew for each kernel")


def expect_spread(bank: Bank) -> None:
    """Raise `Mismatch` unless hundreds of kernels lie everywhere up to the border and run in all directions."""
    n, size, _ = bank.shape
    strongest = np.abs(bank).reshape(n, -1).argmax(1)
    for axis, places in (("row", strongest // size), ("column", strongest % size)):
        for end in (0, size - 1):
            if np.count_nonzero(places == end) < n * FEWEST_AT_BORDER:
                raise Mismatch(f"hardly any of {n} kernels is strongest in {axis} {end}: cut the window out at random")
    quarters = np.bincount((orientations(bank) * 4 / np.pi).astype(int) % 4, minlength=4)
    if quarters.min() < n * FEWEST_IN_QUARTER:
        raise Mismatch(f"of {n} kernels, {quarters.min()} run in one quarter of all directions: theta is from 0 to pi")


def orientations(bank: Bank) -> NDArray[np.float64]:
    """The direction in which each kernel changes most, from 0 to pi."""
    down, right = np.gradient(bank, axis=(1, 2))
    twice = np.arctan2(2 * (down * right).sum((1, 2)), (right**2 - down**2).sum((1, 2)))
    return np.asarray(twice / 2 % np.pi)

"""Banks of random Gabor kernels: right ones always pass, and each way of drawing them wrongly is told."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch

from autograder.errors import Mismatch
from autograder.judging.banks import Bank, expect_bank, expect_draws, expect_spread
from autograder.judging.digits import digits, digits_error
from reference.convolution.filters import gabor_kernel, random_gabor_bank


def right(seed: int, n: int = 300, size: int = 8) -> Bank:
    return random_gabor_bank(torch.Generator().manual_seed(seed), n, size).numpy()


def centred(seed: int, n: int = 300, size: int = 8) -> Bank:
    rng = np.random.default_rng(seed)
    kernels = [gabor_kernel(size, rng.uniform(0, math.pi), size / 2, size / 7, psi=rng.uniform(0, 6)) for _ in range(n)]
    return torch.stack(kernels).numpy()


def of_one_direction(seed: int) -> Bank:
    return np.repeat(centred(seed, 1, 15), 300, axis=0)[:, 3:11, 3:11]


@pytest.mark.parametrize("seed", range(10))
def test_right_banks_are_spread(seed: int) -> None:
    expect_bank(right(seed), 300, 8)
    expect_spread(right(seed))
    expect_draws(lambda seed: right(seed, 4), seed)


@pytest.mark.parametrize("bank", [centred(0), of_one_direction(0), right(0)[:, :, ::-1] * 0])
def test_banks_that_are_not_spread_are_told(bank: Bank) -> None:
    with pytest.raises(Mismatch, match="hardly any of 300 kernels"):
        expect_spread(bank)


def test_directions_must_fill_half_a_turn() -> None:
    bank = right(0, 600)
    down, across = np.gradient(bank, axis=(1, 2))
    rising = bank[(down * across).sum((1, 2)) > 0]
    with pytest.raises(Mismatch, match="one quarter of all directions"):
        expect_spread(rising)


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda seed: right(0, 3), "different seeds give the same bank"),
        (lambda seed: np.random.default_rng().random((3, 4, 4)), "drawn again"),
        (lambda seed: np.repeat(right(seed, 1), 3, axis=0), r"bank\[0\] and bank\[1\] are equal"),
    ],
)
def test_draws_that_are_none_are_told(draw: Callable[[int], Bank], words: str) -> None:
    with pytest.raises(Mismatch, match=words):
        expect_draws(draw, 1)


@pytest.mark.parametrize(
    ("bank", "words"),
    [
        (right(0, 4), "shape"),
        (3 * right(0, 5), "between -1 and 1"),
        (np.full((5, 8, 8), np.nan), "between -1 and 1"),
    ],
)
def test_banks_of_another_form_are_told(bank: Bank, words: str) -> None:
    with pytest.raises(Mismatch, match=words):
        expect_bank(bank, 5, 8)


@pytest.mark.slow
def test_gabor_features_beat_templates_and_pixels_on_digits() -> None:
    images, _ = digits()

    def error(templates: Bank) -> float:
        return digits_error(np.maximum(images @ templates.reshape(len(templates), -1).T, 0))

    gabors = max(error(right(seed, 500)) for seed in range(3))
    assert gabors < 0.02
    assert error(centred(0, 500)) > 0.025
    assert gabors + 0.01 < digits_error(images) < error(images[:200])

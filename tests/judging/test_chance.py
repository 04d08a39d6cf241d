"""What is said of numbers drawn by chance: right draws pass with any seed, wrong ones do not."""

from collections.abc import Callable

import numpy as np
import pytest

from autograder.errors import Mismatch
from autograder.judging.chance import expect_all_integers, expect_normal, expect_uniform

Draw = Callable[[np.random.Generator], np.ndarray]


def test_right_draws_pass_with_every_seed() -> None:
    for seed in range(2000):
        rng = np.random.default_rng(seed)
        expect_uniform("x", rng.uniform(-2, 5, 600), -2, 5)
        expect_all_integers("x", rng.integers(-6, 7, 600), 6)
        expect_normal("x", rng.normal(0, 0.1, 2400), 0.1)


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda rng: rng.uniform(-2, 5.5, 600), "but should lie between -2 and 5"),
        (lambda rng: rng.uniform(-1, 1, 600), "first quarter"),
        (lambda rng: rng.normal(1.5, 0.5, 600), "first quarter"),
        (lambda rng: np.full(600, 1.0), "the same for all 600 images"),
    ],
)
def test_what_is_not_uniform_is_told(draw: Draw, words: str) -> None:
    with pytest.raises(Mismatch, match=words):
        expect_uniform("x", draw(np.random.default_rng(0)), -2, 5)


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng: rng.integers(-6, 6, 600), lambda rng: rng.integers(0, 7, 600), lambda rng: rng.integers(-7, 8, 600),
        lambda rng: np.round(rng.normal(0, 1.5, 600)).clip(-6, 6), lambda rng: np.zeros(600, int),
    ],
)  # fmt: skip
def test_what_are_not_all_integers_alike_is_told(draw: Draw) -> None:
    with pytest.raises(Mismatch):
        expect_all_integers("x", draw(np.random.default_rng(0)), 6)


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda rng: rng.normal(0.05, 0.1, 2400), "the mean"),
        (lambda rng: rng.normal(0, 0.12, 2400), "the variance"),
        (lambda rng: rng.uniform(-0.1, 0.1, 2400) * 3**0.5, "standard deviations"),
        (lambda rng: np.repeat(rng.normal(0, 0.1, 1200), 2), "several times"),
    ],
)
def test_what_is_not_normal_is_told(draw: Draw, words: str) -> None:
    with pytest.raises(Mismatch, match=words):
        expect_normal("x", draw(np.random.default_rng(0)), 0.1)

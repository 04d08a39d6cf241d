"""Mistakes of convnets/pooling in Lp pooling."""

import torch
from torch import Tensor

from autograder.misconceptions.convnets.pooling_windows import norm, norming, norming_back, slope
from autograder.model import Misconception
from reference.convnets.pooling import lp_pool2d_forward
from reference.gradients import vjp

Options = int | tuple[int, int] | None


def _overflowing(seen: Tensor, p: float) -> Tensor:
    return (seen.abs() ** p).sum((2, 3)) ** (1 / p)


def _overflowing_slope(seen: Tensor, p: float) -> Tensor:
    length = _overflowing(seen, p)[..., None, None]
    return seen.sign() * seen.abs() ** (p - 1) * length ** (1 - p)


def _guarded_overflowing_slope(seen: Tensor, p: float) -> Tensor:
    empty = (seen == 0).all(3, keepdim=True).all(2, keepdim=True)
    return torch.where(empty, 0.0, _overflowing_slope(seen, p))


def _slope_by_overflowed_norm(seen: Tensor, p: float) -> Tensor:
    length = _overflowing(seen, p)[..., None, None]
    empty = (seen == 0).all(3, keepdim=True).all(2, keepdim=True)
    return seen.sign() * (seen.abs() / torch.where(empty, 1.0, length)) ** (p - 1)


def _without_sizes(seen: Tensor, p: float) -> Tensor:
    return (seen**p).sum((2, 3)) ** (1 / p)


def _not_guarded(seen: Tensor, p: float) -> Tensor:
    largest = seen.abs().amax((2, 3), keepdim=True)
    return (largest * ((seen.abs() / largest) ** p).sum((2, 3), keepdim=True) ** (1 / p))[..., 0, 0]


def _slope_not_guarded(seen: Tensor, p: float) -> Tensor:
    return seen.sign() * (seen.abs() / norm(seen, p)[..., None, None]) ** (p - 1)


def _scaled(seen: Tensor, p: float, power: float) -> Tensor:
    """The slope, times the norm to some power."""
    return slope(seen, p) * norm(seen, p)[..., None, None] ** power


def _back(dout: Tensor, x: Tensor, p: float, pool: Options = 2, stride: int | None = None) -> Tensor:
    assert pool is not None
    return vjp(lambda image: lp_pool2d_forward(image, p, pool, stride), {"x": x}, ("x",), (dout,))["x"]


NORMS = (
    Misconception(
        "root-forgotten",
        "You leave out the p-th root.",
        "The norm is (sum |x|^p)^(1/p): without the root, twice the window gives 2^p times the result.",
        norming(lambda seen, p: (seen.abs() ** p).sum((2, 3))),
        "P03",
    ),
    Misconception(
        "mean-under-the-root",
        "You take the mean of |x|^p under the root, not the sum.",
        "The norm adds up |x|^p over the window and divides by nothing.",
        norming(lambda seen, p: norm(seen, p) / seen[0, 0].numel() ** (1 / p)),
        "P04",
    ),
    Misconception(
        "sizes-forgotten",
        "You raise x to the power p, not |x|.",
        "A negative number has no fractional power, and an odd one keeps the sign: the norm is made of |x|.",
        norming(_without_sizes),
        "P05",
    ),
    Misconception(
        "square-root-always",
        "You take the square root, whatever p is.",
        "The root goes with the power: (sum |x|^p)^(1/p).",
        norming(lambda seen, p: norm(seen, p) ** (p / 2)),
    ),
    Misconception(
        "p-always-two",
        "You compute the Euclidean length, whatever p is.",
        "p comes in three times: |x|^p in the sum, the root 1/p, and p - 1 in the gradient.",
        norming(lambda seen, p: norm(seen, 2)) | norming_back(lambda seen, p: slope(seen, 2)),
    ),
    Misconception(
        "power-overflows",
        "You raise numbers to the power p that are too large, or too small, for it.",
        "Divide the window by its largest |x| first: then all powers are between 0 and 1. Multiply in the end.",
        norming(_overflowing) | norming_back(_guarded_overflowing_slope),
        "P07",
    ),
    Misconception(
        "power-overflows-in-the-norm",
        "You divide by a norm whose powers were too large, or too small, for a float.",
        "Compute the norm of the window divided by its largest |x|: the slope is the same.",
        norming_back(_slope_by_overflowed_norm),
    ),
    Misconception(
        "power-overflows-and-zeros-divide",
        "You raise the norm to the power 1 - p: too large or too small for p = 100, and infinite for windows of zeros.",
        "Take (|x| / norm)^(p - 1) instead, with the window divided by its largest |x|; it is 0 where all is 0.",
        norming_back(_overflowing_slope),
    ),
    Misconception(
        "zero-divided-by-zero",
        "You divide by zero where a whole window is zero.",
        "There the norm is 0, and the gradient is 0 by definition: ask before you divide.",
        norming(_not_guarded) | norming_back(_slope_not_guarded),
        "P06",
    ),
    Misconception(
        "sign-forgotten-in-slope",
        "You leave the sign of x out of the gradient.",
        "|x| falls where x is negative: the slope is sign(x) * (|x| / norm)^(p - 1).",
        norming_back(lambda seen, p: slope(seen, p).abs()),
    ),
    Misconception(
        "slope-of-sizes",
        "You send sign(x) times dout back, as for p = 1.",
        "The slope is sign(x) * (|x| / norm)^(p - 1): larger values get more of dout.",
        norming_back(lambda seen, p: seen.sign()),
    ),
    Misconception(
        "slope-times-p",
        "Your gradient is p times too large.",
        "The p of the power and the 1/p of the root cancel.",
        norming_back(lambda seen, p: p * slope(seen, p)),
    ),
    Misconception(
        "root-not-differentiated",
        "You leave the root out of the gradient.",
        "The derivative of the root divides by norm^(p - 1): what is left is (|x| / norm)^(p - 1).",
        norming_back(lambda seen, p: _scaled(seen, p, p - 1)),
    ),
    Misconception(
        "divided-by-one-norm-too-many",
        "You divide by norm^p.",
        "It is norm^(p - 1): the slope does not change when the whole window doubles.",
        norming_back(lambda seen, p: slope(seen, p) / torch.where((seen == 0), 1.0, norm(seen, p)[..., None, None])),
    ),
    Misconception(
        "norm-window-overwritten",
        "You let each window of Lp pooling overwrite what windows before it left in dx.",
        "Windows may overlap: a pixel in several windows gets a share from each, += and not =.",
        norming_back(slope, add=False),
    ),
    Misconception(
        "norm-dout-ignored",
        "Your gradient of Lp pooling does not depend on dout: you compute as if it were 1 everywhere.",
        "Window (i, j) hands on dout[n, c, i, j], by the chain rule: double dout, and dx doubles.",
        {"lp_pool2d_backward": lambda dout, *rest, **options: _back(torch.ones_like(dout), *rest, **options)},
    ),
)

"""Known mistakes of convnets/augmentation."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.misconceptions.convnets.augmentation_params import PARAMETERS
from autograder.misconceptions.convnets.augmentation_warps import WARPS
from autograder.model import Misconception
from reference.convnets import augmentation as right


def _only(function: str, model: Callable[..., Any]) -> dict[str, Callable[..., Any]]:
    return {function: model}


def _same_for_all_channels(x: Tensor, offsets: Tensor, **options: Any) -> Tensor:
    return right.channel_shift(x, offsets[:1].expand(len(offsets)), **options)


def _not_clipped(x: Tensor, offsets: Tensor, **options: Any) -> Tensor:
    return x + offsets[:, None, None]


def _wrapped_round(x: Tensor, offsets: Tensor, **options: Any) -> Tensor:
    return (x + offsets[:, None, None]) % 256


def _always_bytes(x: Tensor, offsets: Tensor, **options: Any) -> Tensor:
    return right.channel_shift(x, offsets)


def _clipped_first(x: Tensor, offsets: Tensor, low: float = 0.0, high: float = 255.0) -> Tensor:
    return x.clamp(low, high) + offsets[:, None, None]


def _multiplied(x: Tensor, offsets: Tensor, low: float = 0.0, high: float = 255.0) -> Tensor:
    return (x * offsets[:, None, None]).clamp(low, high)


def _clipped_to_own_range(x: Tensor, offsets: Tensor, **options: Any) -> Tensor:
    return (x + offsets[:, None, None]).clamp(x.min(), x.max())


def _one_less(x: Tensor) -> tuple[Tensor, Tensor]:
    mean, std = right.channel_stats(x)
    count = x.numel() // x.shape[1]
    return mean, std * torch.tensor(count / (count - 1) if count > 1 else torch.nan).sqrt()


def _ones(std: Tensor) -> Tensor:
    return torch.where(std == 0, 1.0, std)


CHANNELS = (
    Misconception(
        "one-offset-for-all-channels",
        "You add the same offset to every channel.",
        "offsets[c] belongs to channel c: give it the shape (C, 1, 1), so that it spreads over rows and columns.",
        _only("channel_shift", _same_for_all_channels),
    ),
    Misconception(
        "offsets-not-clipped",
        "You do not clip the result: pixels end up outside of what low and high allow.",
        "There is nothing darker than low and nothing lighter than high: clip after adding.",
        _only("channel_shift", _not_clipped),
    ),
    Misconception(
        "offsets-wrap-round",
        "You let values past 255 start again at 0, as bytes do.",
        "A pixel that is as light as can be stays so: clip, and add as floats.",
        _only("channel_shift", _wrapped_round),
    ),
    Misconception(
        "low-and-high-ignored",
        "You clip to 0 and 255, whatever low and high say.",
        "Look at the two options: they are what the result is clipped to.",
        _only("channel_shift", _always_bytes),
    ),
    Misconception(
        "clipped-before-adding",
        "You clip the image before you add the offsets, so that the sum leaves the range again.",
        "Which of the two steps can take a pixel out of the range? Clip after it.",
        _only("channel_shift", _clipped_first),
    ),
    Misconception(
        "offsets-multiplied",
        "You multiply the channels by the offsets.",
        "An offset is added: 0 leaves the channel as it is.",
        _only("channel_shift", _multiplied),
    ),
    Misconception(
        "clipped-to-range-of-images",
        "You clip to the smallest and largest value of the images.",
        "Here low and high say what the result is clipped to, whatever values the images hold.",
        _only("channel_shift", _clipped_to_own_range),
    ),
)

STATISTICS = (
    Misconception(
        "statistics-for-each-image",
        "You compute statistics for each image.",
        "The mean goes over all training images, all rows and all columns: only the axis of channels stays.",
        _only("channel_stats", lambda x: (x.mean((2, 3)), x.std((2, 3), correction=0))),
        "NO1",
    ),
    Misconception(
        "statistics-for-each-pixel",
        "You compute statistics for each pixel.",
        "The mean goes over all training images, all rows and all columns: only the axis of channels stays.",
        _only("channel_stats", lambda x: (x.mean(0), x.std(0, correction=0))),
    ),
    Misconception(
        "statistics-over-channels",
        "You take one mean and one standard deviation over all channels together.",
        "Each channel has its own: the axis of channels is not among those you average over.",
        _only("channel_stats", lambda x: (x.mean().expand(x.shape[1]), x.std(correction=0).expand(x.shape[1]))),
    ),
    Misconception(
        "variance-for-std",
        "You return the variance in the place of the standard deviation.",
        "The standard deviation is the square root of the mean squared deviation.",
        _only("channel_stats", lambda x: (x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0))),
    ),
    Misconception(
        "std-with-one-less",
        "You divide by the number of pixels less one.",
        "Here the squared deviations are averaged: divide by the number of pixels, as np.std does without ddof.",
        _only("channel_stats", _one_less),
    ),
    Misconception(
        "mean-of-stds",
        "You average the standard deviations of the images.",
        "Deviations are from the mean of all training images, not from each image's own.",
        _only("channel_stats", lambda x: (x.mean((0, 2, 3)), x.std((2, 3), correction=0).mean(0))),
    ),
    Misconception(
        "normalised-by-own-statistics",
        "You normalise by the statistics of the images that come in, not by those that you are given.",
        "Test images take the statistics of the training images: use the arguments mean and std.",
        _only("normalise", lambda x, mean, std: right.normalise(x, *right.channel_stats(x))),
        "NO2",
    ),
    Misconception(
        "mean-not-subtracted",
        "You divide by std, but do not subtract the mean.",
        "(x - mean) / std: the mean comes first.",
        _only("normalise", lambda x, mean, std: right.normalise(x, 0 * mean, std)),
    ),
    Misconception(
        "std-not-divided",
        "You subtract the mean, but do not divide by std.",
        "(x - mean) / std: afterwards every channel varies by about 1.",
        _only("normalise", lambda x, mean, std: right.normalise(x, mean, torch.ones_like(std))),
    ),
    Misconception(
        "divided-by-variance",
        "You divide by the square of std.",
        "(x - mean) / std: std is a root already.",
        _only("normalise", lambda x, mean, std: right.normalise(x, mean, std**2)),
    ),
    Misconception(
        "divided-before-subtracting",
        "You divide x by std first and subtract the mean afterwards.",
        "(x - mean) / std: brackets around the difference.",
        _only("normalise", lambda x, mean, std: x / _ones(std)[:, None, None] - mean[:, None, None]),
    ),
    Misconception(
        "divided-by-zero",
        "You divide by a std of 0 where a channel was constant.",
        "0 / 0 is nan. Such a channel has nothing to scale: divide it by 1.",
        _only("normalise", lambda x, mean, std: (x - mean[:, None, None]) / std[:, None, None]),
    ),
    Misconception(
        "constant-channel-zeroed",
        "You set a channel to 0 whose std is 0.",
        "A test image may differ from the constant that was seen in training: subtract the mean all the same.",
        _only("normalise", lambda x, mean, std: right.normalise(x, mean, std) * (std != 0)[:, None, None]),
    ),
)

VIEWS = (
    Misconception(
        "votes-averaged",
        "You count for each view the class that it prefers, and average these votes.",
        "A vote forgets how sure a view was: average the probabilities, then take the largest.",
        _only("tta_average", lambda p: torch.nn.functional.one_hot(p.argmax(2), p.shape[2]).double().mean(0)),
        "AU7",
    ),
    Misconception(
        "views-summed",
        "You add the views up.",
        "Sums of probabilities are no probabilities: divide by the number of views.",
        _only("tta_average", lambda p: p.sum(0)),
    ),
    Misconception(
        "averaged-over-images",
        "You average over the images, not over the views.",
        "probabilities has the shape (V, N, K): the views are axis 0.",
        _only("tta_average", lambda p: p.mean(1)),
    ),
    Misconception(
        "largest-of-views",
        "You take the largest probability that any view gives to a class.",
        "A mean is asked for: its rows still sum to 1.",
        _only("tta_average", lambda p: p.amax(0)),
    ),
    Misconception(
        "only-one-view",
        "You use the first view alone.",
        "All views count alike: take the mean over axis 0.",
        _only("tta_average", lambda p: p[0]),
    ),
    Misconception(
        "geometric-mean-of-views",
        "You multiply the probabilities of the views and take the root.",
        "The mean that is asked for is the arithmetic one: add, then divide.",
        _only("tta_average", lambda p: p.log().mean(0).exp()),
    ),
)

MISCONCEPTIONS = (*WARPS, *CHANNELS, *PARAMETERS, *STATISTICS, *VIEWS)

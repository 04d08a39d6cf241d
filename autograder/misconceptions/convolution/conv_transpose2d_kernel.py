"""Mistakes of convolution/conv_transpose2d in bilinear_kernel, the filters that enlarge an image."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from autograder.model import Misconception
from reference.convolution.conv_transpose2d import bilinear_kernel

Wrong = Mapping[str, Callable[..., Any]]


def _tent(factor: int, size: int, centre: float) -> Tensor:
    return (1 - (torch.arange(size, dtype=torch.float64) - centre).abs() / factor).clamp(min=0)


def _enlarger(profile: Callable[[int, int], Tensor]) -> Wrong:
    """Filters made of another profile, which is made of the factor and K."""

    def model(factor: int, channels: int) -> Tensor:
        tent = profile(factor, 2 * factor - factor % 2)
        return torch.einsum("cf,k,l->cfkl", torch.eye(channels, dtype=torch.float64), tent, tent)

    return {"bilinear_kernel": model}


def _of_right(change: Callable[[Tensor, int], Tensor]) -> Wrong:
    return {"bilinear_kernel": lambda factor, channels: change(bilinear_kernel(factor, channels), factor)}


KERNEL = (
    Misconception(
        "every-pair-of-channels",
        "You fill the filters between different channels too.",
        "Each channel is enlarged on its own: w[c, f] is zero unless c equals f.",
        _of_right(lambda w, factor: w[:1, :1].expand(w.shape).clone()),
    ),
    Misconception(
        "one-filter-a-channel",
        "You return one filter for each channel, of shape (C, 1, K, K).",
        "w has shape (C, C, K, K): one filter for each pair of channels, zero unless they are the same.",
        _of_right(lambda w, factor: w[:, :1]),
    ),
    Misconception(
        "normalised-kernel",
        "You divide the filter by its sum.",
        "The largest value is t * t of the middle, as the formula says: nothing is normalised.",
        _of_right(lambda w, factor: w / w[0, 0].sum()),
    ),
    Misconception(
        "size-always-even",
        "You make the filter 2 * factor pixels wide, for odd factors too.",
        "K = 2 * factor - factor % 2: an odd factor gives an odd filter with one middle.",
        _enlarger(lambda factor, size: _tent(factor, 2 * factor, factor - 0.5)),
    ),
    Misconception(
        "centre-off-by-half",
        "You put the middle of the tent on a whole pixel, for even sizes too.",
        "The middle is (K - 1) / 2: between two pixels if K is even.",
        _enlarger(lambda factor, size: _tent(factor, size, size // 2)),
    ),
    Misconception(
        "tent-as-wide-as-the-kernel",
        "You divide the distance from the middle by (K + 1) / 2, not by the factor.",
        "t[i] = 1 - |i - (K - 1) / 2| / factor: the tent falls by 1 / factor a pixel.",
        _enlarger(lambda factor, size: 1 - (torch.arange(size) - (size - 1) / 2).abs().double() / ((size + 1) / 2)),
    ),
    Misconception(
        "nearest-neighbour",
        "Your filter is a box of ones: it repeats pixels.",
        "The weight falls with the distance from the middle, in both directions: t[i] * t[j].",
        _of_right(lambda w, factor: (w > 0).double()),
    ),
)

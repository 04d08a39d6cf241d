"""Mistakes of convolution/filters: features, mixed channels, merged layers and puzzles here, kernels beside it.

random_gabor_bank has none: its draws are the student's own, and what is wrong with them is said by its checks.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from autograder.misconceptions.convolution.filters_gabor import GABORS
from autograder.misconceptions.convolution.filters_kernels import APPLIED, KERNELS
from autograder.misconceptions.numpy_like import numpy_errors
from autograder.model import Misconception
from reference.convolution.filters import conv1x1, merge_conv, template_features

Wrong = Mapping[str, Callable[..., Any]]


@numpy_errors()
def _untransposed(x: Tensor, templates: Tensor) -> Tensor:
    return (x @ templates).clamp(min=0)


@numpy_errors()
def _transposed_weights(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return torch.einsum("nchw,cf->nfhw", x, w) + b[:, None, None]


def _cosines(x: Tensor, templates: Tensor) -> Tensor:
    norms: Tensor = x.norm(dim=1)[:, None] * templates.norm(dim=1)
    return template_features(x, templates) / norms


def _mixed(change: Callable[[Tensor, Tensor, Tensor], Tensor]) -> Wrong:
    return {"conv1x1": change}


@numpy_errors()
def _mean_over_positions(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return conv1x1(x.mean((2, 3), keepdim=True).expand(x.shape), w, b)


def _swapped(w1: Tensor, w2: Tensor) -> Tensor:
    if w1.shape[1] != w2.shape[0]:
        raise ValueError("shapes do not match")
    return merge_conv(w2, w1)


@numpy_errors()
def _products_by_entry(w1: Tensor, w2: Tensor) -> Tensor:
    return torch.einsum("fmkl,mckl->fckl", w2, w1)


def _channels_not_met(w1: Tensor, w2: Tensor) -> Tensor:
    return merge_conv(w1.sum(0, keepdim=True), w2.sum(1, keepdim=True))


def _cropped(w1: Tensor, w2: Tensor) -> Tensor:
    (kh, kw), (dy, dx) = w1.shape[2:], w2.shape[2:]
    return merge_conv(w1, w2)[:, :, dy // 2 : dy // 2 + kh, dx // 2 : dx // 2 + kw]


def _constant(function: str, *rows: list[float]) -> Wrong:
    return {function: lambda: torch.tensor(rows, dtype=torch.float64)}


FEATURES = (
    Misconception(
        "features-without-relu",
        "You leave negative products as they are.",
        "relu(z) is z, or 0 if z < 0.",
        {"template_features": lambda x, templates: x @ templates.T},
    ),
    Misconception(
        "features-without-sign",
        "You take the absolute value of the products.",
        "relu(z) is z, or 0 if z < 0: an image that is the opposite of a template does not look like it.",
        {"template_features": lambda x, templates: (x @ templates.T).abs()},
    ),
    Misconception(
        "features-of-columns",
        "You multiply with the templates as they stand, so that their columns count as templates.",
        "Templates are rows, as images are: x @ templates.T.",
        {"template_features": _untransposed},
    ),
    Misconception(
        "features-transposed",
        "You return a row for each template.",
        "The features have a row for each image: shape (N, P).",
        {"template_features": lambda x, templates: template_features(x, templates).T},
    ),
    Misconception(
        "features-normalised",
        "You divide by the norms.",
        "The feature is relu(<image, template>) as it is; dividing is the matched filter's business.",
        {"template_features": _cosines},
    ),
)

MIXES = (
    Misconception(
        "mixed-without-bias",
        "You leave out the bias.",
        "The formula starts with b[f]: add it at every pixel.",
        _mixed(lambda x, w, b: conv1x1(x, w, 0 * b)),
        "CF02",
    ),
    Misconception(
        "mixed-with-bias-by-channel",
        "You add the bias once for each input channel.",
        "b[f] stands outside the sum over c.",
        _mixed(lambda x, w, b: conv1x1(x, w, b * x.shape[1])),
        "CF03",
    ),
    Misconception(
        "mixed-by-the-transpose",
        "You take the weights for (C, F).",
        "w[f, c] takes channel c to map f.",
        _mixed(_transposed_weights),
    ),
    Misconception(
        "mixed-channels-last",
        "You return the maps as the last axis.",
        "The result has shape (N, F, H, W): move the last axis to its place.",
        _mixed(lambda x, w, b: conv1x1(x, w, b).permute(0, 2, 3, 1)),
    ),
    Misconception(
        "mixed-reshaped",
        "You reshape a result whose last axis are the maps to (N, F, H, W).",
        "reshape never swaps axes: move the last axis to its place.",
        _mixed(lambda x, w, b: conv1x1(x, w, b).permute(0, 2, 3, 1).reshape(len(x), len(w), *x.shape[2:])),
        "CF18",
    ),
    Misconception(
        "mixed-first-channel",
        "You read only the first channel.",
        "The sum runs over all the channels c.",
        _mixed(lambda x, w, b: conv1x1(x[:, :1], w[:, :1], b)),
        "CF13",
    ),
    Misconception(
        "mixed-means",
        "You mix the mean of each channel over the image.",
        "Each pixel is mixed on its own: i and j are not summed over.",
        _mixed(_mean_over_positions),
    ),
)

MERGES = (
    Misconception(
        "merged-with-one-turned-round",
        "You slide one kernel over the other as it is, which turns one of them round in the merged filter.",
        "Entry s of the merged filter sums w1[k] * w2[l] over k + l = s: that is the true convolution.",
        {"merge_conv": lambda w1, w2: merge_conv(w1, w2.flip(2, 3))},
        "CF01",
    ),
    Misconception(
        "merged-backwards",
        "You slide one kernel over the other as it is, and the merged filter comes out turned round in part.",
        "Entry s of the merged filter sums w1[k] * w2[l] over k + l = s: that is the true convolution.",
        {"merge_conv": lambda w1, w2: merge_conv(w1.flip(2, 3), w2)},
        "CF01",
    ),
    Misconception(
        "merged-in-the-wrong-order",
        "You put the second convolution before the first.",
        "The image meets w1 first: its maps are the channels of w2.",
        {"merge_conv": _swapped},
    ),
    Misconception(
        "merged-entry-by-entry",
        "You multiply the kernels entry by entry.",
        "The merged filter is larger than both: KH1 + KH2 - 1 by KW1 + KW2 - 1.",
        {"merge_conv": _products_by_entry},
    ),
    Misconception(
        "merged-channels-apart",
        "You sum over the maps in each of the two filters before you combine them.",
        "Map m of the first goes with channel m of the second: combine first, then sum over m.",
        {"merge_conv": _channels_not_met},
    ),
    Misconception(
        "merged-and-cropped",
        "You crop the merged filter to the size of the first.",
        "Two 3x3 kernels see 5x5 pixels: nothing is cropped.",
        {"merge_conv": _cropped},
    ),
)

PUZZLES = (
    Misconception(
        "shifts-to-the-left",
        "Your kernel moves the image to the left.",
        "To move to the right, each pixel takes the value of the one on its left.",
        _constant("shift_kernel", [0, 0, 0], [0, 0, 1], [0, 0, 0]),
    ),
    Misconception(
        "shifts-down",
        "Your kernel moves the image down.",
        "The left neighbour is in the same row, one column before.",
        _constant("shift_kernel", [0, 1, 0], [0, 0, 0], [0, 0, 0]),
    ),
    Misconception(
        "second-difference-negative",
        "Your second difference is negative at the bottom of a valley.",
        "(right - middle) - (middle - left): the middle counts -2.",
        _constant("second_difference_kernel", [-1, 2, -1]),
    ),
    Misconception(
        "first-difference",
        "Your kernel takes the difference between the neighbours: the first difference.",
        "On a slope it should be 0: take the difference of two differences.",
        _constant("second_difference_kernel", [-1, 0, 1]),
    ),
    Misconception(
        "grey-by-thirds",
        "You take the mean of the three colours.",
        "The eye sees green best: the three weights differ.",
        _constant("grey_kernel", [1 / 3] * 3),
    ),
    Misconception(
        "blue-before-red",
        "You take the channels for blue, green, red.",
        "The order is red, green, blue.",
        _constant("grey_kernel", [0.114, 0.587, 0.299]),
    ),
)

MISCONCEPTIONS = (*KERNELS, *APPLIED, *GABORS, *FEATURES, *MIXES, *MERGES, *PUZZLES)

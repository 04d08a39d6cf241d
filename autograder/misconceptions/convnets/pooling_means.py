"""Mistakes of convnets/pooling in average pooling, in maxout and in the global average."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.misconceptions.convnets.pooling_loops import Wrong, right_backward
from autograder.misconceptions.convnets.pooling_windows import averaging, averaging_back
from autograder.model import Misconception
from reference.convnets.pooling import avg_pool2d_forward, global_avg_pool, maxout_forward
from reference.gradients import vjp


def _average_back(dout: Tensor, x: Tensor, **options: Any) -> Tensor:
    return vjp(avg_pool2d_forward, {"x": x}, ("x",), (dout,), **options)["x"]


def _over_channels(x: Tensor, **options: Any) -> Tensor:
    out = avg_pool2d_forward(x, **options)
    return out.mean(1, keepdim=True).expand(out.shape)


def _over_covering_windows(dout: Tensor, x: Tensor, **options: Any) -> Tensor:
    covered = _average_back(torch.ones_like(dout), x, **options)
    return _average_back(dout, x, **options) / torch.where(covered > 0, covered, 1.0)


MEANS = (
    Misconception(
        "sum-of-window",
        "You add up each window instead of taking its mean.",
        "The mean is the sum divided by the number of cells, KH * KW.",
        averaging(reduce=lambda seen: seen.sum((2, 3))),
    ),
    Misconception(
        "maximum-for-mean",
        "You take the largest value of each window, not the mean.",
        "Average pooling lets every value of the window count, with the same weight.",
        averaging(reduce=lambda seen: seen.amax((2, 3))),
    ),
    Misconception(
        "divided-by-height-squared",
        "You divide by KH * KH.",
        "A window has KH * KW cells: it need not be square.",
        averaging(reduce=lambda seen: seen.sum((2, 3)) / seen.shape[2] ** 2)
        | averaging_back(lambda loop: loop.window[0] ** 2),
    ),
    Misconception(
        "average-over-channels",
        "You average over the channels too.",
        "Each channel is pooled on its own: the mean runs over the rows and columns of the window.",
        {"avg_pool2d_forward": _over_channels},
    ),
    Misconception(
        "average-gradient-not-divided",
        "You give every cell of a window the whole gradient.",
        "Each cell counted with weight 1 / (KH * KW) in the mean, and gets that share of dout.",
        averaging_back(lambda loop: 1),
        "P02",
    ),
    Misconception(
        "average-window-overwritten",
        "You let each window of the average overwrite what windows before it left in dx.",
        "Windows may overlap: a pixel in several windows gets a share from each, += and not =.",
        averaging_back(lambda loop: loop.window[0] * loop.window[1], add=False),
    ),
    Misconception(
        "average-gradient-to-the-largest",
        "You send the gradient of a mean to the largest value of the window.",
        "That is for max pooling: every cell of the window had a share in the mean.",
        {"avg_pool2d_backward": lambda dout, x, **options: right_backward(dout, x, **options)},
    ),
    Misconception(
        "average-over-covering-windows",
        "You divide the gradient of a pixel by the number of windows that contain it.",
        "A pixel in several windows gets the sum of its shares, each dout / (KH * KW).",
        {"avg_pool2d_backward": _over_covering_windows},
    ),
    Misconception(
        "average-dout-ignored",
        "Your gradient of the average does not depend on dout: you compute as if it were 1 everywhere.",
        "Window (i, j) hands on dout[n, c, i, j], by the chain rule: double dout, and dx doubles.",
        {"avg_pool2d_backward": lambda dout, x, **options: _average_back(torch.ones_like(dout), x, **options)},
    ),
)


def _pieces(z: Tensor, k: int) -> Tensor:
    return z.reshape(len(z), k, -1)


def _interleaved(z: Tensor, k: int) -> Tensor:
    return z.reshape(len(z), -1, k).amax(2)


def _maxout(reduce: Callable[[Tensor], Tensor]) -> Wrong:
    """A forward pass that makes something else of pieces of shape (N, k, M)."""
    return {"maxout_forward": lambda z, k: reduce(_pieces(z, k))}


def _back(dout: Tensor, z: Tensor, k: int) -> Tensor:
    return vjp(lambda z: maxout_forward(z, k), {"z": z}, ("z",), (dout,))["z"]


MAXOUT = (
    Misconception(
        "pieces-interleaved",
        "You take k neighbours in z for the pieces of one unit.",
        "z holds piece 0 of all units first: reshape to (N, k, M), and take the maximum over axis 1.",
        {
            "maxout_forward": _interleaved,
            "maxout_backward": lambda dout, z, k: vjp(lambda z: _interleaved(z, k), {"z": z}, ("z",), (dout,))["z"],
        },
    ),
    Misconception(
        "maximum-over-units",
        "You take the maximum over the units, so that one number is left for each piece.",
        "In z.reshape(N, k, M) the pieces are axis 1: that is the axis to be reduced.",
        _maxout(lambda pieces: pieces.amax(2)),
    ),
    Misconception(
        "mean-of-pieces",
        "You take the mean of the pieces.",
        "Maxout passes on the largest piece.",
        _maxout(lambda pieces: pieces.mean(1)),
    ),
    Misconception(
        "sum-of-pieces",
        "You add up the pieces.",
        "Maxout passes on the largest piece: with a sum the unit would be linear.",
        _maxout(lambda pieces: pieces.sum(1)),
    ),
    Misconception(
        "largest-size-of-pieces",
        "You take the maximum of |z|.",
        "The maximum looks at the sign: of -5 and -1 it is -1.",
        _maxout(lambda pieces: pieces.abs().amax(1)),
    ),
    Misconception(
        "never-below-zero",
        "Your maxout is never below 0.",
        "There is no ReLU here: where all pieces are negative, so is the maximum.",
        _maxout(lambda pieces: pieces.amax(1).clamp(min=0)),
    ),
    Misconception(
        "gradient-to-every-piece",
        "You send the gradient to all pieces of a unit.",
        "Only the largest piece made the output: it gets dout, the others 0.",
        {"maxout_backward": lambda dout, z, k: dout.repeat(1, k)},
    ),
    Misconception(
        "shared-among-pieces",
        "You share the gradient out evenly among the pieces.",
        "Only the largest piece made the output: it gets all of dout.",
        {"maxout_backward": lambda dout, z, k: dout.repeat(1, k) / k},
    ),
    Misconception(
        "piece-gradient-times-maximum",
        "You multiply the gradient by the largest piece.",
        "The output equals the winning piece, so its derivative by that piece is 1.",
        {"maxout_backward": lambda dout, z, k: _back(dout * maxout_forward(z, k), z, k)},
    ),
    Misconception(
        "maxout-dout-ignored",
        "Your gradient of maxout does not depend on dout: you return 1 for each winner.",
        "The winner of unit m gets dout[n, m], by the chain rule.",
        {"maxout_backward": lambda dout, z, k: _back(torch.ones_like(dout), z, k)},
    ),
    Misconception(
        "pieces-left-apart",
        "You return dz as (N, k, M).",
        "dz has the shape of z, (N, k * M): reshape it back.",
        {"maxout_backward": lambda dout, z, k: _pieces(_back(dout, z, k), k)},
    ),
)


def _global(change: Callable[[Tensor], Tensor]) -> Wrong:
    return {"global_avg_pool": change}


GLOBAL = (
    Misconception(
        "sum-over-the-image",
        "You add up each channel instead of taking its mean.",
        "Divide by the number of pixels, H * W.",
        _global(lambda x: x.sum((2, 3))),
    ),
    Misconception(
        "maximum-over-the-image",
        "You take the largest value of each channel.",
        "That is global max pooling: here all pixels count, with the same weight.",
        _global(lambda x: x.amax((2, 3))),
    ),
    Misconception(
        "mean-over-rows-only",
        "You average over one axis only.",
        "The mean runs over rows and columns, axes 2 and 3: (N, C) is left.",
        _global(lambda x: x.mean(2)),
    ),
    Misconception(
        "mean-over-channels-too",
        "You average over the channels too.",
        "Each channel keeps a number of its own: the mean runs over axes 2 and 3.",
        _global(lambda x: x.mean((1, 2, 3))),
    ),
    Misconception(
        "mean-over-channels",
        "You average over the channels, and keep the pixels.",
        "One number is left for each channel: the mean runs over rows and columns, axes 2 and 3.",
        _global(lambda x: x.mean(1)),
    ),
    Misconception(
        "image-axes-kept",
        "You keep the axes of rows and columns, with length 1.",
        "The result has shape (N, C): drop the axes that you averaged over.",
        _global(lambda x: global_avg_pool(x)[:, :, None, None]),
    ),
)

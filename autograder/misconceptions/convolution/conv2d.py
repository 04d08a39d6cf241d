"""Mistakes of convolution/conv2d: the forward pass here, sizes and padding and the backward pass beside it.

CF19 and CB15 (arrays changed in place), CF20 (integers in, integers out) and CB16 (memory between calls) are
missing: their values are right on float64 arrays and a first call.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from autograder.misconceptions.convolution.conv2d_backward import BACKWARD
from autograder.misconceptions.convolution.conv2d_loops import out_sizes, slide
from autograder.misconceptions.convolution.conv2d_padding import PADDING
from autograder.model import Misconception
from reference.convolution.conv2d import conv2d_forward, im2col, pad2d

Wrong = Mapping[str, Callable[..., Any]]


def _stepping(step: Callable[[int], tuple[int, int]], apart: Callable[[int], int] = lambda s: 1) -> Wrong:
    """A forward pass with its own steps between windows (down, right), and between the pixels of a window."""

    def forward(x: Tensor, w: Tensor, b: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
        size = out_sizes(x, w, stride, padding)
        return slide(pad2d(x, padding), w, b, size, step(stride), apart(stride))

    return {"conv2d_forward": forward}


def _changed(change: Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]]) -> Wrong:
    """The right forward pass of wrong x, w and b."""
    return {"conv2d_forward": lambda x, w, b, **options: conv2d_forward(*change(x, w, b), **options)}


def _transposed_filter(x: Tensor, w: Tensor, b: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    image = pad2d(x, padding)
    return slide(image, w.mT, b, out_sizes(image, w.mT, stride), (stride, stride))


def _transposed_window(x: Tensor, w: Tensor, b: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    (height, width), (kh, kw) = out_sizes(x, w, stride, padding), w.shape[2:]
    last_row, last_column = (height - 1) * stride + kw, (width - 1) * stride + kh
    if last_row > x.shape[2] + 2 * padding or last_column > x.shape[3] + 2 * padding:
        raise IndexError("index is out of bounds")
    return slide(pad2d(x, padding), w.mT, b, (height, width), (stride, stride))


def _mean(x: Tensor, w: Tensor, b: Tensor, **options: int) -> Tensor:
    return conv2d_forward(x, w / w[0].numel(), b, **options)


def _batch_scrambled(x: Tensor, w: Tensor, b: Tensor, **options: int) -> Tensor:
    out = conv2d_forward(x, w, b, **options)
    return out.transpose(0, 1).reshape(out.shape)


def _filters_scrambled(x: Tensor, w: Tensor, b: Tensor, **options: int) -> Tensor:
    out = conv2d_forward(x, w, b, **options)
    return out.permute(0, 2, 3, 1).reshape(out.shape)


def _cut_off(out: Tensor, rows: int, columns: int, rest: Tensor) -> Tensor:
    """The first rows and columns of `out`; `rest` elsewhere."""
    kept = torch.zeros_like(out)
    kept[:, :, :rows, :columns] = 1
    return torch.where(kept > 0, out, rest)


def _loop_over_image(x: Tensor, w: Tensor, b: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    # for i in range(0, H, stride), with the bias added once all is summed.
    rows, columns = (len(range(0, n, stride)) for n in x.shape[2:])
    return _cut_off(conv2d_forward(x, w, b, stride, padding), rows, columns, b[:, None, None])


def _loop_over_valid(x: Tensor, w: Tensor, b: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    # for i in range(0, H - KH + 1, stride), with the bias added in the loop.
    rows, columns = (max(0, size) for size in out_sizes(x, w, stride))
    return _cut_off(conv2d_forward(x, w, b, stride, padding), rows, columns, b.new_zeros(1))


def _cells_first(x: Tensor, kh: int, kw: int, **options: int) -> Tensor:
    columns = im2col(x, kh, kw, **options)
    return columns.reshape(len(columns), x.shape[1], kh * kw).transpose(1, 2).reshape(columns.shape)


def _positions_first(x: Tensor, kh: int, kw: int, stride: int = 1, padding: int = 0) -> Tensor:
    columns = im2col(x, kh, kw, stride, padding)
    return columns.reshape(len(x), -1, columns.shape[1]).transpose(0, 1).reshape(columns.shape)


FORWARD = (
    Misconception(
        "flipped-kernel",
        "You flip the filter before you slide it: that is the mathematicians' convolution.",
        "In this course convolution means cross-correlation: w[k, l] meets the pixel at i * stride + k, "
        "j * stride + l, with plus signs.",
        _changed(lambda x, w, b: (x, w.flip(2, 3), b)),
        "CF01",
    ),
    Misconception(
        "flipped-kernel-and-channels",
        "You flip the filter on all its axes, its channels too.",
        "np.flip without an axis reverses every axis. Here nothing is flipped: w[f, c] meets channel c.",
        _changed(lambda x, w, b: (x, w.flip(1, 2, 3), b)),
    ),
    Misconception(
        "bias-forgotten",
        "You leave out the bias.",
        "The formula starts with b[f]: add it to every position of feature map f.",
        _changed(lambda x, w, b: (x, w, torch.zeros_like(b))),
        "CF02",
    ),
    Misconception(
        "bias-per-channel",
        "You add the bias once for each input channel.",
        "b[f] stands outside the sum over c, k and l: add it once, after the loop over the channels.",
        _changed(lambda x, w, b: (x, w, b * x.shape[1])),
        "CF03",
    ),
    Misconception(
        "bias-per-cell",
        "You add the bias once for each entry of the filter.",
        "b[f] stands outside the sum over c, k and l: add it once, after those loops.",
        _changed(lambda x, w, b: (x, w, b * w[0].numel())),
    ),
    Misconception(
        "bias-added-twice",
        "You add the bias twice.",
        "The formula has a single b[f]: look for a second place that adds it, inside the loops or after.",
        _changed(lambda x, w, b: (x, w, 2 * b)),
    ),
    Misconception(
        "stride-not-in-index",
        "You use the stride for the output size, but your windows start one pixel apart.",
        "The window of output (i, j) starts at row i * stride and column j * stride of xp.",
        _stepping(lambda s: (1, 1)),
        "CF04",
    ),
    Misconception(
        "stride-on-height-only",
        "You multiply by the stride for the rows, but not for the columns.",
        "The window of output (i, j) starts at row i * stride and column j * stride: look at the second.",
        _stepping(lambda s: (s, 1)),
        "CF05",
    ),
    Misconception(
        "stride-on-width-only",
        "You multiply by the stride for the columns, but not for the rows.",
        "The window of output (i, j) starts at row i * stride and column j * stride: look at the first.",
        _stepping(lambda s: (1, s)),
    ),
    Misconception(
        "stride-inside-window",
        "You take every stride-th pixel inside a window, and let neighbouring windows start one pixel apart.",
        "The stride belongs to i and j, the position of the window. Inside it, k and l go on one by one.",
        _stepping(lambda s: (1, 1), apart=lambda s: s),
    ),
    Misconception(
        "stride-also-inside-window",
        "You use the stride between the windows, and once more between the pixels of a window.",
        "The stride belongs to i and j, the position of the window. Inside it, k and l go on one by one.",
        _stepping(lambda s: (s, s), apart=lambda s: s),
    ),
    Misconception(
        "stride-ignored",
        "You compute the feature map as if stride were 1.",
        "The stride appears twice: the windows start at multiples of it, and H' and W' are divided by it.",
        {"conv2d_forward": lambda x, w, b, stride=1, padding=0: conv2d_forward(x, w, b, 1, padding)},
    ),
    Misconception(
        "first-channel-only",
        "You read only the first channel of the image.",
        "A filter is a block of shape (C, KH, KW): the sum runs over c as well as over k and l.",
        _changed(lambda x, w, b: (x[:, :1], w[:, :1], b)),
        "CF13",
    ),
    Misconception(
        "last-channel-only",
        "You let each channel overwrite the sum of those before it, so that only the last one is left.",
        "The channels add up to one number for each output: += inside a loop over c, not =.",
        _changed(lambda x, w, b: (x[:, -1:], w[:, -1:], b)),
    ),
    Misconception(
        "mean-over-window",
        "You take the mean over the window instead of the sum.",
        "The formula sums over c, k and l and divides by nothing.",
        {"conv2d_forward": _mean},
        "CF14",
    ),
    Misconception(
        "kernel-transposed",
        "You take the last two axes of w for (KW, KH), so that each filter lies on its side.",
        "w has shape (F, C, KH, KW): k counts rows of the filter, l columns, as i and j do in the image.",
        {"conv2d_forward": _transposed_filter},
        "CF15",
    ),
    # Loops over single pixels, which raise IndexError as soon as one lies outside.
    Misconception(
        "window-transposed",
        "You move down the image while you move right in the filter.",
        "k counts rows and l columns, in xp[n, c, i * stride + k, j * stride + l] and in w[f, c, k, l].",
        {"conv2d_forward": _transposed_window},
    ),
    Misconception(
        "batch-scrambled",
        "You reshape the result of the matrix product to (N, F, H', W') though filters come first in it.",
        "reshape never swaps axes: reshape to (F, N, H', W') first, then transpose the first two.",
        {"conv2d_forward": _batch_scrambled},
        "CF18",
    ),
    Misconception(
        "filters-scrambled",
        "You reshape the result of the matrix product to (N, F, H', W') though filters come last in it.",
        "reshape never swaps axes: reshape to (N, H', W', F) first, then move the last axis to its place.",
        {"conv2d_forward": _filters_scrambled},
    ),
    Misconception(
        "loop-over-the-image",
        "You loop over the rows and columns of x without its frame, so that the last windows stay empty.",
        "Loop over the output, i < H' and j < W'; it is larger than the image when the padding is large.",
        {"conv2d_forward": _loop_over_image},
        "CF21",
    ),
    Misconception(
        "loop-ends-without-padding",
        "You loop over the windows that fit into x without its frame, so that the last outputs stay 0.",
        "Loop over the output, i < H' and j < W', with the sizes that count the padding.",
        {"conv2d_forward": _loop_over_valid},
    ),
)

IM2COL = (
    Misconception(
        "columns-without-padding",
        "You cut the windows out of x without its frame of zeros.",
        "Pad first, then cut: H' and W' count the padding.",
        {"im2col": lambda x, kh, kw, stride=1, padding=0: im2col(x, kh, kw, stride, 0)},
    ),
    Misconception(
        "columns-without-stride",
        "You take a window at every pixel, whatever the stride.",
        "Windows start at multiples of the stride.",
        {"im2col": lambda x, kh, kw, stride=1, padding=0: im2col(x, kh, kw, 1, padding)},
    ),
    Misconception(
        "windows-as-columns",
        "You lay each window out as a column.",
        "The result has a row for each window and a column for each of its C * KH * KW entries.",
        {"im2col": lambda x, kh, kw, **options: im2col(x, kh, kw, **options).T},
    ),
    Misconception(
        "channels-last-in-window",
        "You put the channels last within a row.",
        "Within a window the order is channels, then rows, then columns: that of w.reshape(F, -1).",
        {"im2col": _cells_first},
    ),
    Misconception(
        "positions-before-images",
        "You go through the positions first and through the images within each position.",
        "The order of the rows is images first, then rows, then columns of the feature map.",
        {"im2col": _positions_first},
    ),
)

MISCONCEPTIONS = (*PADDING, *FORWARD, *BACKWARD, *IM2COL)

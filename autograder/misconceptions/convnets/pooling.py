"""Mistakes of convnets/pooling: windows and their maxima here, means, norms and backward passes beside it."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from torch import Tensor

from autograder.misconceptions.convnets.pooling_backward import BACKWARD
from autograder.misconceptions.convnets.pooling_loops import (
    AVERAGE,
    Change,
    Pool,
    Wrong,
    both,
    forward,
    framed_by_zeros,
    loop_over,
    not_framed,
    pair,
    right_backward,
    run,
    with_options,
)
from autograder.misconceptions.convnets.pooling_means import GLOBAL, MAXOUT, MEANS
from autograder.misconceptions.convnets.pooling_norms import NORMS
from autograder.misconceptions.convnets.pooling_windows import options, windows
from autograder.model import Misconception
from reference.convnets.pooling import max_pool2d_forward


def _all_channels(x: Tensor, **options: Any) -> Tensor:
    out = max_pool2d_forward(x, **options)
    return out.amax(1, keepdim=True).expand(out.shape)


def _width_from_pool_height(
    x: Tensor, pool: Pool = 2, stride: int | None = None, padding: int = 0, ceil_mode: bool = False
) -> Tensor:
    loop = loop_over(x, pool, stride, padding, ceil_mode)
    square = loop_over(x, loop.window[0], loop.steps[1], padding, ceil_mode)
    return run(x, replace(loop, size=(loop.size[0], square.size[1])))


def _every_window_kept(
    x: Tensor, pool: Pool = 2, stride: int | None = None, padding: int = 0, ceil_mode: bool = False
) -> Tensor:
    loop = loop_over(x, pool, stride, padding, ceil_mode)
    axes = zip(x.shape[2:], loop.window, loop.steps, strict=True)
    height, width = (math.ceil((n + 2 * padding - k) / step) + 1 for n, k, step in axes)
    return run(x, replace(loop, size=(height, width)) if ceil_mode else loop)


def _ceil_mode_forgotten(dout: Tensor, x: Tensor, ceil_mode: bool = False, **options: Any) -> Tensor:
    height, width = max_pool2d_forward(x, **options).shape[2:]
    return right_backward(dout[:, :, :height, :width], x, **options)


def _in_all(change: Change) -> Wrong:
    """Other windows, in max, average and Lp pooling."""
    return both(change) | windows(change)


def _in_all_with(change: Callable[..., dict[str, Any]]) -> Wrong:
    """Max, average and Lp pooling, right for other options."""
    return with_options(change) | options(change)


FORWARD = (
    Misconception(
        "window-from-stride",
        "You make the windows as large as the stride, not as the pool size.",
        "The pool size says how large a window is, the stride only where windows start.",
        _in_all(lambda loop: replace(loop, window=loop.steps)),
        "MF01",
    ),
    Misconception(
        "maximum-starts-at-zero",
        "Your maximum is never below 0.",
        "A window of negative numbers has a negative maximum: start from -inf or the first value, not 0.",
        {"max_pool2d_forward": lambda x, **options: max_pool2d_forward(x, **options).clamp(min=0)},
        "MF02",
    ),
    Misconception(
        "maximum-of-sizes",
        "You take the maximum of |x|.",
        "The maximum looks at the sign: of -5 and -1 it is -1.",
        {"max_pool2d_forward": lambda x, **options: max_pool2d_forward(x.abs(), **options)},
        "MF03",
    ),
    Misconception(
        "average-of-window",
        "You take the mean of each window instead of its maximum.",
        "Max pooling keeps the one largest value and forgets the others.",
        {"max_pool2d_forward": AVERAGE},
        "MF04",
    ),
    Misconception(
        "maximum-over-channels",
        "You take the maximum over the channels too.",
        "Each channel is pooled on its own: the maximum runs over the rows and columns of the window.",
        {"max_pool2d_forward": _all_channels},
        "MF05",
    ),
    Misconception(
        "stride-not-in-index",
        "You use the stride for the output size, but your windows start one pixel apart.",
        "The window of output (i, j) starts at row i * stride and column j * stride.",
        _in_all(lambda loop: replace(loop, steps=(1, 1))),
        "MF06",
    ),
    Misconception(
        "pool-height-for-both",
        "You use the first number of pool for both axes.",
        "pool may be a pair (KH, KW): rows go with KH, columns with KW.",
        _in_all_with(lambda pool=2, **rest: {"pool": pair(pool)[0], **rest}),
        "MF07",
    ),
    Misconception(
        "window-as-wide-as-high",
        "You make the windows as wide as they are high.",
        "The columns of a window go from j * stride to j * stride + KW.",
        _in_all(lambda loop: replace(loop, window=(loop.window[0],) * 2)),
    ),
    Misconception(
        "width-from-pool-height",
        "You compute the output width with the height of the window.",
        "W' goes with KW, as H' goes with KH: a window need not be square.",
        {"max_pool2d_forward": _width_from_pool_height},
    ),
    Misconception(
        "pool-axes-swapped",
        "You take pool for (KW, KH).",
        "pool is a pair (KH, KW): the height comes first, as in the shape of x.",
        _in_all_with(lambda pool=2, **rest: {"pool": pair(pool)[::-1], **rest}),
    ),
    Misconception(
        "fixed-corner",
        "You return the bottom right corner of each window.",
        "It is the maximum only where values grow to the right and down: compare all values of the window.",
        forward(reduce=lambda seen: seen[:, :, -1, -1]),
        "MF08",
    ),
    Misconception(
        "ceil-mode-always",
        "You round the output size up, whatever ceil_mode says.",
        "Without ceil_mode a window that fits only in part is dropped: the division rounds down.",
        {"max_pool2d_forward": lambda x, **options: max_pool2d_forward(x, **options | {"ceil_mode": True})},
        "MF09",
    ),
    Misconception(
        "ceil-mode-ignored",
        "You round the output size down, whatever ceil_mode says.",
        "With ceil_mode the size rounds up, and the last window of an axis may be cut off by the edge.",
        {
            "max_pool2d_forward": lambda x, **options: max_pool2d_forward(x, **options | {"ceil_mode": False}),
            "max_pool2d_backward": _ceil_mode_forgotten,
        },
    ),
    Misconception(
        "ceil-mode-beyond-the-end",
        "You keep windows that start beyond the end of the image, with ceil_mode.",
        "A last window must start inside the image or in the padding before it: else it is dropped.",
        {"max_pool2d_forward": _every_window_kept},
    ),
    Misconception(
        "square-output",
        "You make the output as wide as it is high.",
        "H' and W' each follow from their own axis: an image need not be square.",
        forward(lambda loop: replace(loop, size=(loop.size[0],) * 2)),
        "MF10",
    ),
    Misconception(
        "size-one-short",
        "You leave out the + 1 in the output size, and with it the last row and column.",
        "There are (n + 2 * padding - k) // stride steps after the first window: count that one too.",
        forward(lambda loop: replace(loop, size=(loop.size[0] - 1, loop.size[1] - 1))),
    ),
    Misconception(
        "stride-argument-ignored",
        "You step by the pool size, whatever the stride argument says.",
        "Windows tile only when stride is None; else output (i, j) starts at i * stride, j * stride.",
        _in_all_with(lambda stride=None, **rest: {"stride": None, **rest}),
    ),
    Misconception(
        "no-stride-means-one",
        "You step by 1 when stride is None.",
        "Without a stride the windows tile: the step is the pool size, on each axis its own.",
        _in_all_with(lambda stride=None, **rest: {"stride": stride or 1, **rest}),
    ),
    Misconception(
        "no-stride-means-pool-height",
        "You step by the height of the window on both axes when stride is None.",
        "Without a stride the windows tile on each axis: down by KH, to the right by KW.",
        _in_all_with(lambda pool=2, stride=None, **rest: {"pool": pool, "stride": stride or pair(pool)[0], **rest}),
    ),
    Misconception(
        "padding-with-zeros",
        "You pad with zeros.",
        "A padded cell must never win, and 0 beats every negative number: pad with -inf.",
        both(frame=framed_by_zeros),
    ),
    Misconception(
        "padding-forgotten",
        "You pool as if padding were 0.",
        "The frame of -inf makes the output larger, and moves every window up and to the left by `padding`.",
        with_options(lambda padding=0, **rest: rest),
    ),
    Misconception(
        "padding-only-in-the-size",
        "You count the padding in the output size, but take the windows from the image without its frame.",
        "Window (i, j) starts at row i * stride, column j * stride of the padded image.",
        forward(frame=not_framed),
    ),
)

MISCONCEPTIONS = (*FORWARD, *BACKWARD, *MEANS, *NORMS, *MAXOUT, *GLOBAL)

"""Mistakes of convolution/conv2d about the frame of zeros, and about the sizes that follow from it."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch.nn.functional as F
from torch import Tensor

from autograder.misconceptions.convolution.conv2d_loops import frame, out_size, out_sizes, slide
from autograder.model import Misconception
from reference.convolution.conv2d import conv2d_forward, pad2d

Wrong = Mapping[str, Callable[..., Any]]


def _padded(pad: Callable[[Tensor, int], Tensor]) -> Wrong:
    """A wrong pad2d, and a forward pass that takes its sizes from what that returns."""

    def forward(x: Tensor, w: Tensor, b: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
        image = pad(x, padding)
        return slide(image, w, b, out_sizes(image, w, stride), (stride, stride))

    return {"pad2d": lambda x, padding: pad(x, padding), "conv2d_forward": forward}


def _sized(formula: Callable[[int, int, int, int, int, int], tuple[int, int]]) -> Wrong:
    """A forward pass with its own formula for (H', W'), from H, W, KH, KW, stride and padding."""

    def forward(x: Tensor, w: Tensor, b: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
        size = formula(x.shape[2], x.shape[3], w.shape[2], w.shape[3], stride, padding)
        return slide(pad2d(x, padding), w, b, size, (stride, stride))

    return {"conv2d_forward": forward}


def _one_formula(formula: Callable[[int, int, int, int], int]) -> Wrong:
    """A forward pass with its own formula for the size of both axes, from n, k, stride and padding."""
    return _sized(lambda h, w, kh, kw, s, p: (formula(h, kh, s, p), formula(w, kw, s, p)))


def _framed_but_sized_as_asked(make_image: Callable[[Tensor, int], Tensor]) -> Callable[..., Tensor]:
    """A forward pass that slides over a wrong image, with the right formula for (H', W')."""

    def forward(x: Tensor, w: Tensor, b: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
        size = out_sizes(x, w, stride, padding)
        return slide(make_image(x, padding), w, b, size, (stride, stride))

    return forward


PADDING = (
    Misconception(
        "padding-always-one",
        "You pad by 1 whatever the padding argument says.",
        "The frame of xp is `padding` pixels wide on each side: try padding=0 and padding=2.",
        {
            "pad2d": lambda x, padding: pad2d(x, 1),
            "conv2d_forward": _framed_but_sized_as_asked(lambda x, padding: pad2d(x, 1)),
        },
        "CF06",
    ),
    Misconception(
        "padding-always-one-everywhere",
        "You work with padding 1 whatever the padding argument says, in the frame and in the sizes.",
        "Both the frame of xp and the formulas for H' and W' use `padding`: try padding=0 and padding=2.",
        {"conv2d_forward": lambda x, w, b, stride=1, padding=0: conv2d_forward(x, w, b, stride, 1)},
    ),
    Misconception(
        "padding-forgotten",
        "You work as if padding were 0: no frame of zeros is put round the image.",
        "The sum runs over xp, which is x with a frame of zeros; the frame makes H' and W' larger too.",
        {
            "pad2d": lambda x, padding: x.clone(),
            "conv2d_forward": lambda x, w, b, stride=1, padding=0: conv2d_forward(x, w, b, stride, 0),
        },
        "CF07",
    ),
    Misconception(
        "padding-only-in-the-size",
        "You count the padding in the output size, but slide over the image without its frame.",
        "The sum reads xp, not x. Without the frame the last windows stick out of the image.",
        {"conv2d_forward": _framed_but_sized_as_asked(lambda x, padding: x)},
    ),
    # With np.sum over whole windows the channels no longer fit; with a loop over channels they are shifted.
    Misconception(
        "pads-every-axis",
        "You pad the batch and the channels as well as the height and the width.",
        "A single number makes np.pad widen all four axes. Give one pair an axis; the first two are (0, 0).",
        {
            "pad2d": lambda x, padding: F.pad(x, (padding,) * 8),
            "conv2d_forward": _framed_but_sized_as_asked(lambda x, p: F.pad(x, (p,) * 8)[: len(x), : x.shape[1]]),
        },
        "CF08",
    ),
    Misconception(
        "pads-every-axis-whole-windows",
        "You pad the channels too, so that a window has more channels than a filter.",
        "A single number makes np.pad widen all four axes. Give one pair an axis; the first two are (0, 0).",
        {"conv2d_forward": _framed_but_sized_as_asked(lambda x, p: F.pad(x, (p,) * 8)[: len(x)])},
    ),
    Misconception(
        "edge-padding",
        "You repeat the pixels at the edge instead of padding with zeros.",
        "Beyond the image, xp is 0: in np.pad that is mode='constant', the default.",
        _padded(lambda x, p: frame(x, (p, p), (p, p), mode="replicate")),
        "CF16",
    ),
    Misconception(
        "pads-bottom-right",
        "You put all of the padding below and to the right of the image.",
        "`padding` counts on each side, so that pixel (0, 0) of x becomes pixel (padding, padding) of xp.",
        _padded(lambda x, p: frame(x, (0, 2 * p), (0, 2 * p))),
        "CF17",
    ),
    Misconception(
        "pads-one-end",
        "You pad each axis at its end only.",
        "An axis of n pixels becomes n + 2 * padding long: `padding` zeros before, and as many after.",
        _padded(lambda x, p: frame(x, (0, p), (0, p))),
    ),
    Misconception(
        "padding-shared-by-both-sides",
        "You share the padding out between the two sides of an axis.",
        "`padding` is the width of the frame on each side, not of both: the axis grows by 2 * padding.",
        _padded(lambda x, p: frame(x, (p // 2, p - p // 2), (p // 2, p - p // 2))),
    ),
    Misconception(
        "pads-height-only",
        "You pad the height, but not the width.",
        "np.pad takes one pair for each axis: the last two axes both get (padding, padding).",
        _padded(lambda x, p: frame(x, (p, p), (0, 0))),
    ),
    Misconception(
        "pads-width-only",
        "You pad the width, but not the height.",
        "np.pad takes one pair for each axis: the last two axes both get (padding, padding).",
        _padded(lambda x, p: frame(x, (0, 0), (p, p))),
    ),
    Misconception(
        "pads-channels-and-height",
        "You pad axes 1 and 2, the channels and the height.",
        "x has shape (N, C, H, W): height and width are axes 2 and 3.",
        {"pad2d": lambda x, padding: F.pad(x, (0, 0, padding, padding, padding, padding))},
    ),
    Misconception(
        "width-from-kernel-height",
        "You compute the output width with the height of the filter.",
        "W' goes with KW, as H' goes with KH: a filter need not be square.",
        _sized(lambda h, w, kh, kw, s, p: (out_size(h, kh, s, p), out_size(w, kh, s, p))),
        "CF09",
    ),
    Misconception(
        "height-from-kernel-width",
        "You compute the output height with the width of the filter.",
        "H' goes with KH, as W' goes with KW: a filter need not be square.",
        _sized(lambda h, w, kh, kw, s, p: (out_size(h, kw, s, p), out_size(w, kw, s, p))),
    ),
    Misconception(
        "square-output",
        "You make the output as wide as it is high.",
        "H' and W' each follow from their own axis: an image need not be square.",
        _sized(lambda h, w, kh, kw, s, p: (out_size(h, kh, s, p),) * 2),
        "CF10",
    ),
    Misconception(
        "size-rounded",
        "You round the output size to the nearest integer.",
        "A window that fits only in part is dropped: the division rounds down, as // does.",
        _one_formula(lambda n, k, s, p: round((n + 2 * p - k) / s) + 1),
        "CF11",
    ),
    Misconception(
        "size-rounded-up",
        "You round the output size up.",
        "A window that fits only in part is dropped: the division rounds down, as // does.",
        _one_formula(lambda n, k, s, p: math.ceil((n + 2 * p - k) / s) + 1),
    ),
    Misconception(
        "size-one-short",
        "You leave out the + 1 in the output size, and with it the last row and column.",
        "There are (n + 2 * padding - k) // stride steps after the first window: count that one too.",
        _one_formula(lambda n, k, s, p: out_size(n, k, s, p) - 1),
        "CF12",
    ),
    Misconception(
        "one-added-before-dividing",
        "You add the 1 of the output size before dividing by the stride.",
        "First divide, then count the first window: (n + 2 * padding - k) // stride + 1.",
        _one_formula(lambda n, k, s, p: (n + 2 * p - k + 1) // s),
    ),
    Misconception(
        "padding-counted-once",
        "You count the padding once in the output size.",
        "The frame has two sides: the axis is n + 2 * padding long when the filter slides over it.",
        _one_formula(lambda n, k, s, p: (n + p - k) // s + 1),
    ),
    Misconception(
        "width-without-padding",
        "You leave the padding out of the output width.",
        "H' and W' have the same formula, each for its own axis: both count 2 * padding.",
        _sized(lambda h, w, kh, kw, s, p: (out_size(h, kh, s, p), out_size(w, kw, s))),
    ),
)

"""Mistakes of convolution/shapes: sizes and receptive fields here, counts beside it.

S07 (parameters times positions) is about count_macs instead, the only count that knows both.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder.misconceptions.convolution.shapes_counts import COUNTS
from autograder.model import Misconception
from reference.convolution.shapes import Shape, conv_output_shape, conv_output_size, receptive_field

Wrong = Mapping[str, Callable[..., Any]]
Pairs = Sequence[tuple[int, int]]


def _sized(formula: Callable[[int, int, int, int], float]) -> Wrong:
    """Its own formula without ceil_mode, in n, f, stride and padding; and the shapes that follow."""

    def size(
        n: int, f: int, stride: int = 1, padding: int = 0, *, ceil_mode: bool = False, strict: bool = False
    ) -> float:
        if ceil_mode:
            return conv_output_size(n, f, stride, padding, ceil_mode=True, strict=strict)
        return formula(n, f, stride, padding)

    def shape(in_shape: Shape, k: int, f: int, stride: int = 1, padding: int = 0) -> tuple[float, ...]:
        return k, *(formula(n, f, stride, padding) for n in in_shape[1:])

    return {"conv_output_size": size, "conv_output_shape": shape}


def _ceiled(formula: Callable[[int, int, int, int], int]) -> Wrong:
    """Its own formula for ceil_mode only."""

    def size(
        n: int, f: int, stride: int = 1, padding: int = 0, *, ceil_mode: bool = False, strict: bool = False
    ) -> int:
        if not ceil_mode:
            return conv_output_size(n, f, stride, padding, strict=strict)
        return formula(n, f, stride, padding)

    return {"conv_output_size": size}


def _steps(n: int, f: int, s: int, p: int) -> float:
    return (n + 2 * p - f) / s


def _reordered(change: Callable[[Shape, Shape], Sequence[int]]) -> Wrong:
    """A shape made from that of the input and the right one."""
    return {
        "conv_output_shape": lambda in_shape, *rest, **o: (*change(in_shape, conv_output_shape(in_shape, *rest, **o)),)
    }


def _channels_taken_last(in_shape: Shape, *rest: int, **options: int) -> Shape:
    height, width, channels = in_shape
    return conv_output_shape((channels, height, width), *rest, **options)


def _seen(grow: Callable[[int, int, int, int], int], size: int = 1) -> Wrong:
    """A receptive field that grows by its own rule, in the size so far, the jump so far, kernel and stride."""

    def field(layers: Pairs) -> tuple[int, int]:
        seen, jump = size, 1
        for kernel, stride in layers:
            seen = grow(seen, jump, kernel, stride)
            jump *= stride
        return seen, jump

    return {"receptive_field": field}


def _jumping(jump: Callable[[list[int]], int]) -> Wrong:
    """The right size, with its own rule for the jump."""
    return {"receptive_field": lambda layers: (receptive_field(layers)[0], jump([stride for _, stride in layers]))}


FORMULA = "size = (n + 2 * padding - f) // stride + 1"

SIZES = (
    Misconception(
        "size-with-a-fraction",
        "You divide without rounding down.",
        "A window that fits only in part is dropped, and a size is an int: use //.",
        _sized(lambda n, f, s, p: _steps(n, f, s, p) + 1),
        "S01",
    ),
    Misconception(
        "size-as-a-float",
        "You return a float.",
        "A size is an int: // of integers gives one, / and np.floor do not.",
        _sized(lambda n, f, s, p: float(conv_output_size(n, f, s, p))),
        "S01",
    ),
    Misconception(
        "steps-instead-of-windows",
        "You leave out the + 1.",
        "Count windows, not the steps between them: the first window is there before the first step.",
        _sized(lambda n, f, s, p: conv_output_size(n, f, s, p) - 1),
        "S02",
    ),
    Misconception(
        "padding-on-one-side",
        "You count the padding once.",
        "There are zeros on both sides: the axis becomes n + 2 * padding long.",
        _sized(lambda n, f, s, p: (n + p - f) // s + 1),
        "S03",
    ),
    Misconception(
        "padding-not-counted",
        "You compute the size as if padding were 0.",
        "There are zeros on both sides: the axis becomes n + 2 * padding long.",
        _sized(lambda n, f, s, p: (n - f) // s + 1),
    ),
    Misconception(
        "stride-not-counted",
        "You compute the size as if stride were 1.",
        f"Windows start `stride` apart: {FORMULA}.",
        _sized(lambda n, f, s, p: n + 2 * p - f + 1),
    ),
    Misconception(
        "one-added-first",
        "You add the 1 before you divide by the stride.",
        "First count the steps, then add the window at the start.",
        _sized(lambda n, f, s, p: (n + 2 * p - f + 1) // s),
    ),
    Misconception(
        "size-to-the-nearest",
        "You round to the nearest integer.",
        "A window that fits only in part is dropped: the division rounds down.",
        _sized(lambda n, f, s, p: round(_steps(n, f, s, p)) + 1),
    ),
    Misconception(
        "size-always-up",
        "You round up, with and without ceil_mode.",
        "Without ceil_mode a window that fits only in part is dropped: the division rounds down.",
        _sized(lambda n, f, s, p: math.ceil(_steps(n, f, s, p)) + 1),
    ),
    Misconception(
        "ceil-mode-not-used",
        "You round down with ceil_mode too.",
        "With ceil_mode the last window may stick out: the division rounds up.",
        _ceiled(conv_output_size),
    ),
    Misconception(
        "ceil-mode-without-limit",
        "You keep a last window that starts in the padding at the end, or beyond.",
        "After rounding up, see where the last window starts: it must be before n + padding.",
        _ceiled(lambda n, f, s, p: math.ceil(_steps(n, f, s, p)) + 1),
    ),
    Misconception(
        "ceil-mode-adds-one",
        "With ceil_mode you always add a window.",
        "Rounding up changes nothing where the windows tile.",
        _ceiled(lambda n, f, s, p: conv_output_size(n, f, s, p) + 1),
    ),
    Misconception(
        "depth-of-the-input",
        "You give the output as many channels as the input has.",
        "Each filter reads all the channels and makes one map: there are k of them.",
        _reordered(lambda before, after: (before[0], *after[1:])),
        "S04",
    ),
    Misconception(
        "depths-multiplied",
        "You multiply the number of filters by the channels of the input.",
        "A filter adds up what it finds in all the channels: it makes one map.",
        _reordered(lambda before, after: (before[0] * after[0], *after[1:])),
        "S04",
    ),
    Misconception(
        "channels-at-the-end",
        "You return (H', W', C').",
        "Shapes are (C, H, W) here: channels first.",
        _reordered(lambda before, after: (*after[1:], after[0])),
    ),
    Misconception(
        "channels-taken-last",
        "You take in_shape for (H, W, C).",
        "Shapes are (C, H, W) here: channels first.",
        {"conv_output_shape": _channels_taken_last},
    ),
    Misconception(
        "width-like-height",
        "You make the output as wide as it is high.",
        "An image need not be square: W' follows from W.",
        _reordered(lambda before, after: (after[0], after[1], after[1])),
    ),
    Misconception(
        "height-and-width-exchanged",
        "You return the width before the height.",
        "Shapes are (C, H, W): the height comes first.",
        _reordered(lambda before, after: (after[0], after[2], after[1])),
    ),
)

FIELDS = (
    Misconception(
        "field-without-strides",
        "You add up kernel - 1 of all layers, and leave out the strides.",
        "One step in a deeper layer is `jump` pixels of the input: add (kernel - 1) * jump.",
        _seen(lambda size, jump, kernel, stride: size + kernel - 1),
        "S09",
    ),
    Misconception(
        "own-stride-counted",
        "You multiply a layer's kernel by its own stride too.",
        "The jump before a layer is the product of the earlier strides: update it after the size.",
        _seen(lambda size, jump, kernel, stride: size + (kernel - 1) * jump * stride),
    ),
    Misconception(
        "whole-kernels-added",
        "You add kernel * jump for each layer.",
        "A kernel of 1 sees nothing new: it adds kernel - 1 steps.",
        _seen(lambda size, jump, kernel, stride: size + kernel * jump),
    ),
    Misconception(
        "kernels-multiplied",
        "You multiply the kernels.",
        "Neighbouring windows overlap: two 3x3 kernels see 5 pixels, not 9.",
        _seen(lambda size, jump, kernel, stride: size * kernel),
    ),
    Misconception(
        "field-starts-at-zero",
        "Your receptive field starts at 0.",
        "Without any layer, one pixel sees itself: the size starts at 1.",
        _seen(lambda size, jump, kernel, stride: size + (kernel - 1) * jump, size=0),
    ),
    Misconception(
        "only-the-layer-before",
        "You multiply by the stride of the layer before only.",
        "Strides multiply: the jump is the product of all the earlier ones.",
        {
            "receptive_field": lambda layers: (
                1 + sum((k - 1) * s for (k, _), (_, s) in zip(layers, [(1, 1), *layers], strict=False)),
                receptive_field(layers)[1],
            )
        },
    ),
    Misconception(
        "layers-backwards",
        "You go through the layers from the last to the first.",
        "With size + (kernel - 1) * jump, start at the input, where the jump is 1.",
        {"receptive_field": lambda layers: receptive_field(layers[::-1])},
    ),
    Misconception(
        "jumps-added",
        "You add the strides up.",
        "A step of 2 in steps of 3 is 6 pixels: strides multiply.",
        _jumping(sum),
    ),
    Misconception(
        "last-jump-only",
        "You return the stride of the last layer as the jump.",
        "The jump is counted in pixels of the input: the product of all strides.",
        _jumping(lambda strides: strides[-1]),
    ),
    Misconception(
        "jump-of-the-last-layer-left-out",
        "Your jump leaves out the stride of the last layer.",
        "Two neighbouring outputs of the last layer are its own stride apart, times those before it.",
        _jumping(lambda strides: math.prod(strides[:-1])),
    ),
    Misconception(
        "jump-before-size",
        "You return the jump first and the size second.",
        "The order is size, jump.",
        {"receptive_field": lambda layers: receptive_field(layers)[::-1]},
    ),
)

MISCONCEPTIONS = (*SIZES, *COUNTS, *FIELDS)

"""Mistakes of convolution/shapes: sizes here, counts and receptive fields beside it.

S07 (parameters times positions) is about count_macs instead, the only count that knows both.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograder.misconceptions.convolution.shapes_counts import COUNTS
from autograder.misconceptions.convolution.shapes_fields import FIELDS
from autograder.model import Misconception
from reference.convolution.shapes import (
    Layer,
    Shape,
    conv_output_shape,
    conv_output_size,
    params_of,
    volume,
)

Wrong = Mapping[str, Callable[..., Any]]
Formula = Callable[[int, int, int, int], float]


def _right_up(n: int, f: int, stride: int, padding: int) -> int:
    return conv_output_size(n, f, stride, padding, ceil_mode=True)


def _sized(formula: Formula, up: Formula = _right_up) -> Wrong:
    """Its own formula, in n, f, stride and padding; one for ceil_mode; and all that is built on the first."""

    def size(
        n: int, f: int, stride: int = 1, padding: int = 0, *, ceil_mode: bool = False, strict: bool = False
    ) -> float:
        return (up if ceil_mode else formula)(n, f, stride, padding)

    def shape(in_shape: Sequence[Any], k: int, f: int, stride: int = 1, padding: int = 0) -> tuple[Any, ...]:
        return k, *(formula(n, f, stride, padding) for n in in_shape[1:])

    def walked(spec: Sequence[Layer], in_shape: Sequence[Any]) -> Iterator[tuple[Layer, Sequence[Any]]]:
        for layer in spec:
            options = (
                layer.get("out", in_shape[0]),
                layer.get("kernel", 1),
                layer.get("stride", 1),
                layer.get("padding", 0),
            )
            in_shape = (layer["out"], 1, 1) if layer["type"] == "dense" else shape(in_shape, *options)
            yield layer, in_shape

    return {
        "conv_output_size": size,
        "conv_output_shape": shape,
        "count_activations": lambda spec, x: volume(x) + sum(volume(after) for _, after in walked(spec, x)),
        "count_macs": lambda spec, x: sum(params_of(layer, False) * c[1] * c[2] for layer, c in walked(spec, x)),
    }


def _ceiled(formula: Formula) -> Wrong:
    """Its own formula for ceil_mode only."""

    def size(
        n: int, f: int, stride: int = 1, padding: int = 0, *, ceil_mode: bool = False, strict: bool = False
    ) -> float:
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
        _sized(lambda n, f, s, p: float((n + 2 * p - f) // s + 1), lambda *sizes: float(_right_up(*sizes))),
        "S01",
    ),
    Misconception(
        "steps-instead-of-windows",
        "You leave out the + 1.",
        "Count windows, not the steps between them: the first window is there before the first step.",
        _sized(lambda n, f, s, p: (n + 2 * p - f) // s, lambda n, f, s, p: math.ceil(_steps(n, f, s, p))),
        "S02",
    ),
    Misconception(
        "padding-on-one-side",
        "You count the padding once.",
        "There are zeros on both sides: the axis becomes n + 2 * padding long.",
        _sized(lambda n, f, s, p: (n + p - f) // s + 1, lambda n, f, s, p: _right_up(n + p, f, s, 0)),
        "S03",
    ),
    Misconception(
        "padding-not-counted",
        "You compute the size as if padding were 0.",
        "There are zeros on both sides: the axis becomes n + 2 * padding long.",
        _sized(lambda n, f, s, p: (n - f) // s + 1, lambda n, f, s, p: _right_up(n, f, s, 0)),
    ),
    Misconception(
        "stride-not-counted",
        "You compute the size as if stride were 1.",
        f"Windows start `stride` apart: {FORMULA}.",
        _sized(*[lambda n, f, s, p: n + 2 * p - f + 1] * 2),
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

MISCONCEPTIONS = (*SIZES, *COUNTS, *FIELDS)

"""Mistakes of convolution/shapes in receptive fields."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder.model import Misconception
from reference.convolution.shapes import receptive_field

Wrong = Mapping[str, Callable[..., Any]]
Pairs = Sequence[tuple[int, int]]


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


def _jumps_added(layers: Pairs) -> tuple[int, int]:
    size, jump = 1, 1
    for kernel, stride in layers:
        size += (kernel - 1) * jump
        jump += stride
    return size, jump


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
        {"receptive_field": _jumps_added},
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

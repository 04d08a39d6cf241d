"""Mistakes of convnets/pooling in the backward pass."""

from collections.abc import Callable
from itertools import product
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.misconceptions.convnets.pooling_loops import (
    AVERAGE,
    TOTAL,
    Loop,
    Window,
    Wrong,
    cut,
    loop_over,
    right_backward,
    sending,
)
from autograder.model import Misconception
from reference.convnets.pooling import max_pool2d_forward
from reference.gradients import vjp


def _scaled(scale: Callable[[Tensor, Tensor, Loop], Tensor | float]) -> Wrong:
    """A backward pass that multiplies dout by something made of dout, out and the loop."""

    def model(dout: Tensor, x: Tensor, **options: Any) -> Tensor:
        factor = scale(dout, max_pool2d_forward(x, **options), loop_over(x, **options))
        return right_backward(dout * factor, x, **options)

    return {"max_pool2d_backward": model}


def _mean_over_windows(dout: Tensor, x: Tensor, **options: Any) -> Tensor:
    windows = vjp(TOTAL, {"x": x}, ("x",), (torch.ones_like(dout),), **options)["x"]
    return right_backward(dout, x, **options) / windows.clamp(min=1)


def _spread_out(dout: Tensor, x: Tensor, **options: Any) -> Tensor:
    return vjp(AVERAGE, {"x": x}, ("x",), (dout,), **options)["x"]


def _first_largest(seen: Tensor) -> Tensor:
    """1 at the first of the largest values of each window and 0 elsewhere."""
    return F.one_hot(seen.flatten(2).argmax(2), seen[0, 0].numel()).reshape(seen.shape)


def _is_largest(seen: Tensor) -> Tensor:
    return seen == seen.amax((2, 3), keepdim=True)


def _overwrite_window(dxp: Tensor, window: Window, seen: Tensor, sent: Tensor) -> None:
    dxp[window] = _is_largest(seen) * sent


def _overwrite_largest(dxp: Tensor, window: Window, seen: Tensor, sent: Tensor) -> None:
    dxp[window] = torch.where(_first_largest(seen) > 0, sent, dxp[window])


def _add(share: Callable[[Tensor], Tensor]) -> Wrong:
    """A backward pass that adds this share of what an output received to the window it has seen."""

    def send(dxp: Tensor, window: Window, seen: Tensor, sent: Tensor) -> None:
        dxp[window] += share(seen) * sent

    return sending(send)


def _at(place: Callable[[int, int, int, int], tuple[int, int]]) -> Wrong:
    """A backward pass that takes the row and column from the flat index of the maximum by its own rule.

    The rule gets the index, height and width of the window, as cut off at the edge, and the full width.
    """

    def send(dxp: Tensor, window: Window, seen: Tensor, sent: Tensor) -> None:
        top, left, width = window[2].start, window[3].start, window[3].stop - window[3].start
        for n, c in product(range(seen.shape[0]), range(seen.shape[1])):
            row, column = place(int(seen[n, c].argmax()), seen.shape[2], seen.shape[3], width)
            dxp[n, c, top + row, left + column] += sent[n, c, 0, 0]

    return sending(send)


BACKWARD = (
    Misconception(
        "window-overwritten",
        "You let each window overwrite what windows before it left in dx.",
        "Windows may overlap: add with +=, so that the zeros of one do not wipe out what another left.",
        sending(_overwrite_window),
        "MB01",
    ),
    Misconception(
        "winner-overwritten",
        "You let a pixel that wins several windows keep the gradient of the last one only.",
        "Windows may overlap: the gradients of all windows that a pixel wins add up, += and not =.",
        sending(_overwrite_largest),
        "MB02",
    ),
    Misconception(
        "every-tie-gets-all",
        "You give the whole gradient to each of several pixels that share the maximum of a window.",
        "x == max is true for all of them. Choose one, or divide by how many they are: the sum must be dout.",
        _add(_is_largest),
        "MB03",
    ),
    Misconception(
        "gradient-spread-out",
        "You share the gradient out evenly over the window, as for average pooling.",
        "Only the largest value made the output: it gets the whole gradient, the others 0.",
        {"max_pool2d_backward": lambda dout, x, **options: vjp(AVERAGE, {"x": x}, ("x",), (dout,), **options)["x"]},
        "MB04",
    ),
    Misconception(
        "row-and-column-swapped",
        "You swap row and column of the maximum.",
        "An index k into the flattened window is row k // KW and column k % KW.",
        _at(lambda k, height, width, full: (k % width, k // width)),
        "MB05",
    ),
    Misconception(
        "unravelled-by-height",
        "You find the row of the maximum by dividing its flat index by the height of the window.",
        "A row of the window has KW cells: index k is row k // KW and column k % KW.",
        _at(lambda k, height, width, full: divmod(k, height)),
    ),
    Misconception(
        "unravelled-as-if-whole",
        "You find the maximum of a window that the edge cuts off as if the window were whole.",
        "Take the width of the window that you really flattened: at the edge its rows are shorter than KW.",
        _at(lambda k, height, width, full: divmod(k, full)),
    ),
    Misconception(
        "one-place-for-all-channels",
        "You send the gradient to the same place in every channel, that of the largest value of all.",
        "Each channel has its own maximum: look for it along the rows and columns only.",
        _add(lambda seen: _first_largest(seen.amax(1, keepdim=True))),
        "MB06",
    ),
    Misconception(
        "place-of-first-channel",
        "You look for the maximum in the first channel, and use its place in every channel.",
        "Each channel has its own maximum: index the channel as well as the window.",
        _add(lambda seen: _first_largest(seen[:, :1])),
    ),
    Misconception(
        "one-winner-for-all-channels",
        "You send a gradient only to the channel with the largest value of all.",
        "Each channel has its own maximum: compare a value with the maximum of its own channel.",
        _add(lambda seen: seen == seen.amax((1, 2, 3), keepdim=True)),
    ),
    Misconception(
        "gradient-times-maximum",
        "You multiply the gradient by the maximum.",
        "The output equals the winning pixel, so its derivative by that pixel is 1.",
        _scaled(lambda dout, out, loop: out),
        "MB07",
    ),
    Misconception(
        "dout-ignored",
        "Your gradient does not depend on dout: you compute as if it were 1 everywhere.",
        "The winner of window (i, j) gets dout[n, c, i, j], by the chain rule: double dout, and dx doubles.",
        {"max_pool2d_backward": lambda dout, x, **options: right_backward(torch.ones_like(dout), x, **options)},
    ),
    Misconception(
        "averaged-over-batch",
        "You divide dx by the number of images.",
        "The loss is whatever dout says; where it is a mean over the batch, dout has the 1/N in it already.",
        _scaled(lambda dout, out, loop: 1 / len(dout)),
    ),
    Misconception(
        "divided-by-window-size",
        "You divide the gradient by the number of cells in a window.",
        "That is for average pooling: here the winner gets all of dout.",
        _scaled(lambda dout, out, loop: 1 / (loop.window[0] * loop.window[1])),
    ),
    Misconception(
        "divided-by-number-of-windows",
        "You divide the gradient by the number of windows.",
        "Each window sends its own dout to its own winner: divide by nothing.",
        _scaled(lambda dout, out, loop: 1 / (loop.size[0] * loop.size[1])),
    ),
    Misconception(
        "mean-over-overlapping-windows",
        "You divide the gradient of a pixel by the number of windows that contain it.",
        "A pixel that wins several windows receives the sum of their gradients, not the mean.",
        {"max_pool2d_backward": _mean_over_windows},
    ),
    Misconception(
        "crop-up-to-minus-padding",
        "You cut the frame off dx with [padding:-padding], which leaves nothing when padding is 0.",
        "-0 is 0, and x[0:0] is empty. Say where dx ends instead: padding + H, and padding + W.",
        cut(lambda p, h, w: (slice(p, -p), slice(p, -p))),
    ),
    Misconception(
        "crop-from-zero",
        "You keep the first H rows and W columns of the padded gradient.",
        "Pixel (0, 0) of x is pixel (padding, padding) of the padded image: dx starts there.",
        cut(lambda p, h, w: (slice(h), slice(w))),
    ),
    Misconception(
        "frame-left-on",
        "You return the gradient of the padded image, with its frame.",
        "dx has the shape of x: cut off what the padding added.",
        cut(lambda p, h, w: (slice(None), slice(None))),
    ),
)

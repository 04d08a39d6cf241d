"""Mistakes of convnets/pooling."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from autograder.misconceptions.convnets.pooling_loops import (
    Loop,
    Pool,
    Window,
    Wrong,
    both,
    cut,
    forward,
    framed_by_zeros,
    loop_over,
    not_framed,
    pair,
    right_backward,
    sending,
    with_options,
)
from autograder.model import Misconception
from reference.convnets.pooling import max_pool2d_forward
from reference.gradients import vjp


def _all_channels(x: Tensor, **options: Any) -> Tensor:
    out = max_pool2d_forward(x, **options)
    return out.amax(1, keepdim=True).expand(out.shape)


def _every_window_kept(
    x: Tensor, pool: Pool = 2, stride: int | None = None, padding: int = 0, ceil_mode: bool = False
) -> Tensor:
    def ceil(loop: Loop) -> Loop:
        room = (x.shape[2 + a] + 2 * padding - loop.window[a] for a in (0, 1))
        height, width = (math.ceil(n / step) + 1 for n, step in zip(room, loop.steps, strict=True))
        return replace(loop, size=(height, width)) if ceil_mode else loop

    model = forward(ceil)["max_pool2d_forward"]
    return model(x, pool=pool, stride=stride, padding=padding, ceil_mode=ceil_mode)


def _ceil_mode_forgotten(dout: Tensor, x: Tensor, ceil_mode: bool = False, **options: Any) -> Tensor:
    height, width = max_pool2d_forward(x, **options).shape[2:]
    return right_backward(dout[:, :, :height, :width], x, **options)


def _scaled(scale: Callable[[Tensor, Tensor, Loop], Tensor | float]) -> Wrong:
    """A backward pass that multiplies dout by something: of dout, out and the loop."""

    def model(dout: Tensor, x: Tensor, **options: Any) -> Tensor:
        out, loop = max_pool2d_forward(x, **options), loop_over(x, **options)
        return right_backward(dout * scale(dout, out, loop), x, **options)

    return {"max_pool2d_backward": model}


def _average_over_windows(dout: Tensor, x: Tensor, **options: Any) -> Tensor:
    inside = forward(reduce=lambda seen: seen.nan_to_num(neginf=0).sum((2, 3)))["max_pool2d_forward"]
    windows = vjp(inside, {"x": x}, ("x",), (torch.ones_like(dout),), **options)["x"]
    return right_backward(dout, x, **options) / windows.clamp(min=1)


# Ways to send what one output received, `sent`, to the window it has `seen` in dxp.


def _first_winner(seen: Tensor) -> Tensor:
    """1 at the first of the largest values of each window and 0 elsewhere."""
    return vjp(lambda s: s.flatten(2).max(2).values, {"s": seen}, ("s",), (seen.new_ones(seen.shape[:2]),))["s"]


def _is_largest(seen: Tensor) -> Tensor:
    return seen == seen.amax((2, 3), keepdim=True)


def _overwrite_window(dxp: Tensor, window: Window, seen: Tensor, sent: Tensor) -> None:
    dxp[window] = _is_largest(seen) * sent


def _overwrite_winner(dxp: Tensor, window: Window, seen: Tensor, sent: Tensor) -> None:
    dxp[window] = torch.where(_first_winner(seen) > 0, sent, dxp[window])


def _add_to_every_winner(dxp: Tensor, window: Window, seen: Tensor, sent: Tensor) -> None:
    dxp[window] += _is_largest(seen) * sent


def _spread_out(loop: Loop) -> Callable[[Tensor, Window, Tensor, Tensor], None]: ...

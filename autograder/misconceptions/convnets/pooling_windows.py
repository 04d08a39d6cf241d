"""The loops that students write for average and Lp pooling: those of max pooling, with something else in the window."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from autograder.misconceptions.convnets.pooling_loops import (
    Change,
    Loop,
    Wrong,
    loop_over,
    not_framed,
    run,
    unchanged,
)
from autograder.misconceptions.numpy_like import numpy_errors
from reference.convnets.pooling import avg_pool2d_forward, lp_pool2d_forward
from reference.gradients import vjp

Share = Callable[[Tensor, float], Tensor]


@numpy_errors()
def norm(seen: Tensor, p: float) -> Tensor:
    """The p-norm of a whole window."""
    return lp_pool2d_forward(seen, p, (seen.shape[2], seen.shape[3]))[:, :, 0, 0]


def _mean(seen: Tensor) -> Tensor:
    return seen.mean((2, 3))


def _part_of(loop: Loop) -> Callable[[Tensor], Tensor]:
    """What the backward loop takes a window to be: its sum, divided by the cells that it should have."""
    cells = loop.window[0] * loop.window[1]
    return lambda seen: seen.sum((2, 3)) / cells


def _sized_like(loop: Loop, dout: Tensor) -> Loop:
    return replace(loop, size=(dout.shape[2], dout.shape[3]))


def averaging(change: Change = unchanged, reduce: Callable[[Tensor], Tensor] = _mean) -> Wrong:
    """A forward pass of average pooling with other windows, or with something else than their mean."""
    return {
        "avg_pool2d_forward": lambda x, **options: run(x, change(loop_over(x, **options)), reduce, not_framed),
    }


def windows(change: Change) -> Wrong:
    """Average and Lp pooling with other windows, in both passes."""

    def average(dout: Tensor, x: Tensor, **options: Any) -> Tensor:
        loop = change(loop_over(x, **options))
        return vjp(lambda image: run(image, loop, _part_of(loop), not_framed), {"x": x}, ("x",), (dout,))["x"]

    def norms(x: Tensor, p: float, **options: Any) -> Tensor:
        return run(x, change(loop_over(x, **options)), lambda seen: norm(seen, p), not_framed)

    def norms_back(dout: Tensor, x: Tensor, p: float, **options: Any) -> Tensor:
        return vjp(lambda image: norms(image, p, **options), {"x": x}, ("x",), (dout,))["x"]

    return {
        **averaging(change),
        "avg_pool2d_backward": average,
        "lp_pool2d_forward": norms,
        "lp_pool2d_backward": norms_back,
    }


def options(change: Callable[..., dict[str, Any]]) -> Wrong:
    """Average and Lp pooling, right for other options; the backward passes loop over the dout that they are given."""

    def average(dout: Tensor, x: Tensor, **options: Any) -> Tensor:
        loop = _sized_like(loop_over(x, **change(**options)), dout)
        return vjp(lambda image: run(image, loop, _part_of(loop), not_framed), {"x": x}, ("x",), (dout,))["x"]

    def norms(dout: Tensor, x: Tensor, p: float, **options: Any) -> Tensor:
        loop = _sized_like(loop_over(x, **change(**options)), dout)
        back = vjp(lambda image: run(image, loop, lambda seen: norm(seen, p), not_framed), {"x": x}, ("x",), (dout,))
        return back["x"]

    return {
        "avg_pool2d_forward": numpy_errors()(lambda x, **options: avg_pool2d_forward(x, **change(**options))),
        "avg_pool2d_backward": average,
        "lp_pool2d_forward": numpy_errors()(lambda x, p, **options: lp_pool2d_forward(x, p, **change(**options))),
        "lp_pool2d_backward": norms,
    }


def averaging_back(cells: Callable[[Loop], float], add: bool = True) -> Wrong:
    """A backward pass of average pooling that divides by `cells`, and adds or overwrites."""

    def model(dout: Tensor, x: Tensor, **options: Any) -> Tensor:
        loop, dx = loop_over(x, **options), torch.zeros_like(x)
        for i, j, window in loop.windows():
            sent = (dout[:, :, i, j, None, None] / cells(loop)).expand(dx[window].shape)
            dx[window] = dx[window] + sent if add else sent
        return dx

    return {"avg_pool2d_backward": model}


def slope(seen: Tensor, p: float) -> Tensor:
    """The derivative of the norm of a window by each of its values."""
    length = norm(seen, p)[..., None, None]
    return seen.sign() * (seen.abs() / torch.where(length > 0, length, 1.0)) ** (p - 1)


def norming_back(share: Share, add: bool = True) -> Wrong:
    """A backward pass of Lp pooling with its own share of dout for each value of a window."""

    def model(dout: Tensor, x: Tensor, p: float, **options: Any) -> Tensor:
        dx = torch.zeros_like(x)
        for i, j, window in loop_over(x, **options).windows():
            sent = share(x[window], p) * dout[:, :, i, j, None, None]
            dx[window] = dx[window] + sent if add else sent
        return dx

    return {"lp_pool2d_backward": model}


def norming(reduce: Share) -> Wrong:
    """A forward pass of Lp pooling with its own norm of a window."""

    def model(x: Tensor, p: float, **options: Any) -> Tensor:
        return run(x, loop_over(x, **options), lambda seen: reduce(seen, p), not_framed)

    return {"lp_pool2d_forward": model}

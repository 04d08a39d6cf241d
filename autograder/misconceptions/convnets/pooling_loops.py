"""The loops that students write for max pooling, on torch tensors, with NumPy's habits.

A slice that reaches past the edge of an array gets shorter, and the maximum of an empty one is a ValueError.
The gradient of a wrong forward loop is what the same mistake does to the backward loop.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.misconceptions.numpy_like import numpy_errors
from reference.convnets.pooling import max_pool2d_forward
from reference.gradients import vjp

Pool = int | tuple[int, int]
Window = tuple[slice, slice, slice, slice]
Model = Callable[..., Tensor]
Wrong = dict[str, Model]


@dataclass(frozen=True, slots=True)
class Loop:
    """Which windows there are: their shape, the steps between them (down, right), the frame, how many."""

    window: tuple[int, int]
    steps: tuple[int, int]
    padding: int
    size: tuple[int, int]

    def windows(self) -> Iterator[tuple[int, int, Window]]:
        (kh, kw), (down, right), all_of_it = self.window, self.steps, slice(None)
        for i in range(self.size[0]):
            for j in range(self.size[1]):
                rows, columns = slice(i * down, i * down + kh), slice(j * right, j * right + kw)
                yield i, j, (all_of_it, all_of_it, rows, columns)


Change = Callable[[Loop], Loop]
Frame = Callable[[Tensor, int], Tensor]
Reduce = Callable[[Tensor], Tensor]
Send = Callable[[Tensor, Window, Tensor, Tensor], None]


def pair(pool: Pool) -> tuple[int, int]:
    return (pool, pool) if isinstance(pool, int) else (pool[0], pool[1])


@numpy_errors()
def loop_over(x: Tensor, pool: Pool = 2, stride: int | None = None, padding: int = 0, ceil_mode: bool = False) -> Loop:
    """The right windows."""
    height, width = max_pool2d_forward(x, pool, stride, padding, ceil_mode).shape[2:]
    return Loop(pair(pool), pair(pool if stride is None else stride), padding, (height, width))


def unchanged(loop: Loop) -> Loop:
    return loop


def framed(x: Tensor, padding: int) -> Tensor:
    return F.pad(x, (padding,) * 4, value=float("-inf"))


def framed_by_zeros(x: Tensor, padding: int) -> Tensor:
    return F.pad(x, (padding,) * 4)


def not_framed(x: Tensor, padding: int) -> Tensor:
    return x


def largest(seen: Tensor) -> Tensor:
    """The largest value in each window; its gradient goes to the first of them."""
    if seen.numel() == 0:
        raise ValueError("zero-size array to reduction operation maximum which has no identity")
    return seen.flatten(2).max(2).values


def run(x: Tensor, loop: Loop, reduce: Reduce = largest, frame: Frame = framed) -> Tensor:
    if min(loop.size) < 0:
        raise ValueError("negative dimensions are not allowed")
    image, out = frame(x, loop.padding), x.new_zeros((*x.shape[:2], *loop.size))
    for i, j, window in loop.windows():
        out[:, :, i, j] = reduce(image[window])
    return out


def _gradient(model: Model, dout: Tensor, x: Tensor, **options: Any) -> Tensor:
    return vjp(model, {"x": x}, ("x",), (dout,), **options)["x"]


def right_backward(dout: Tensor, x: Tensor, **options: Any) -> Tensor:
    return _gradient(max_pool2d_forward, dout, x, **options)


def forward(change: Change = unchanged, reduce: Reduce = largest, frame: Frame = framed) -> Wrong:
    """A forward pass with other windows, something else than the maximum of each, or another frame."""

    def model(x: Tensor, **options: Any) -> Tensor:
        return run(x, change(loop_over(x, **options)), reduce, frame)

    return {"max_pool2d_forward": model}


# Whoever averages pads with zeros: the mean of a window with -inf in it would be -inf.
AVERAGE = forward(reduce=lambda seen: seen.mean((2, 3)), frame=framed_by_zeros)["max_pool2d_forward"]
TOTAL = forward(reduce=lambda seen: seen.sum((2, 3)), frame=framed_by_zeros)["max_pool2d_forward"]


def both(change: Change = unchanged, frame: Frame = framed) -> Wrong:
    """Both passes with other windows, as many as there should be, or another frame."""
    model = forward(change, frame=frame)["max_pool2d_forward"]

    def backward(dout: Tensor, x: Tensor, **options: Any) -> Tensor:
        return _gradient(model, dout, x, **options)

    return {"max_pool2d_forward": model, "max_pool2d_backward": backward}


def with_options(change: Callable[..., dict[str, Any]]) -> Wrong:
    """Both passes, right for other options; the backward pass loops over the dout that it is given."""

    @numpy_errors()
    def model(x: Tensor, **options: Any) -> Tensor:
        return max_pool2d_forward(x, **change(**options))

    def backward(dout: Tensor, x: Tensor, **options: Any) -> Tensor:
        loop = replace(loop_over(x, **change(**options)), size=(dout.shape[2], dout.shape[3]))
        return _gradient(lambda image: run(image, loop), dout, x)

    return {"max_pool2d_forward": model, "max_pool2d_backward": backward}


def sending(send: Send) -> Wrong:
    """A backward pass with its own way to send what one output received to dxp."""

    def model(dout: Tensor, x: Tensor, **options: Any) -> Tensor:
        loop = loop_over(x, **options)
        image = framed(x, loop.padding)
        dxp, p = torch.zeros_like(image), loop.padding
        for i, j, window in loop.windows():
            send(dxp, window, image[window], dout[:, :, i, j, None, None])
        return dxp[:, :, p : p + x.shape[2], p : p + x.shape[3]]

    return {"max_pool2d_backward": model}


def cut(slices: Callable[[int, int, int], tuple[slice, slice]]) -> Wrong:
    """A backward pass that cuts dx out of its frame by slices made of padding, H and W."""

    def model(dout: Tensor, x: Tensor, **options: Any) -> Tensor:
        loop = loop_over(x, **options)
        rows, columns = slices(loop.padding, x.shape[2], x.shape[3])
        image = framed(x, loop.padding)
        return _gradient(lambda xp: run(xp, loop, frame=not_framed), dout, image)[:, :, rows, columns]

    return {"max_pool2d_backward": model}

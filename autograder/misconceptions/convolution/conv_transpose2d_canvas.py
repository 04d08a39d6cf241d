"""The canvas that students draw on in convolution/conv_transpose2d, on torch tensors, with NumPy's habits."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.misconceptions.numpy_like import numpy_errors
from reference.convolution.conv_transpose2d import conv_transpose2d_forward
from reference.gradients import vjp

Wrong = Mapping[str, Callable[..., Any]]
Gradients = tuple[Tensor, Tensor, Tensor]
Size = tuple[int, int]
Model = Callable[..., Tensor]


def canvas_size(x: Tensor, w: Tensor, stride: int, extra: int = 0) -> Size:
    """Height and width of the canvas."""
    rows, columns = ((x.shape[a] - 1) * stride + w.shape[a] + extra for a in (2, 3))
    return rows, columns


def canvas(x: Tensor, w: Tensor, stride: int, extra: int = 0) -> Tensor:
    """The right canvas: all stamps, before anything is cut off."""
    return F.pad(F.conv_transpose2d(x, w, stride=stride), (0, extra, 0, extra))


def cut(drawn: Tensor, padding: int) -> Tensor:
    """What is left of a canvas without `padding` on each side."""
    return drawn[:, :, padding : drawn.shape[2] - padding, padding : drawn.shape[3] - padding]


@numpy_errors()
def stamp(x: Tensor, w: Tensor, size: Size, step: Size, add: bool = True) -> Tensor:
    """The usual loop over the pixels: `canvas[window] += x * w`, or `=`, on a canvas of this size."""
    (kh, kw), (down, right) = w.shape[2:], step
    drawn = x.new_zeros((len(x), w.shape[1], *size))
    for i in range(x.shape[2]):
        for j in range(x.shape[3]):
            window = drawn[:, :, i * down : i * down + kh, j * right : j * right + kw]
            sent = torch.einsum("nc,cfkl->nfkl", x[:, :, i, j], w)
            window[:] = window + sent if add else sent
    return drawn


def spread(bias: Tensor) -> Tensor:
    return bias[:, None, None]


def right_backward(dout: Tensor, x: Tensor, w: Tensor, **options: int) -> Gradients:
    inputs = {"x": x, "w": w, "b": w.new_zeros(w.shape[1])}
    found = vjp(conv_transpose2d_forward, inputs, ("x", "w", "b"), (dout,), **options)
    return found["x"], found["w"], found["b"]


def on_canvas(dout: Tensor, x: Tensor, w: Tensor, stride: int, padding: int, output_padding: int) -> Tensor:
    """dout where it lies on the canvas, zeros around it."""
    rows, columns = canvas_size(x, w, stride, output_padding)
    below, beside = rows - padding - dout.shape[2], columns - padding - dout.shape[3]
    return F.pad(dout, (padding, beside, padding, below))


def dx_from(spread_out: Tensor, x: Tensor, w: Tensor, stride: int) -> Tensor:
    """dx from dout on its canvas: an ordinary convolution."""
    return F.conv2d(spread_out, w, stride=stride)[:, :, : x.shape[2], : x.shape[3]]


def dw_from(spread_out: Tensor, x: Tensor, w: Tensor, stride: int) -> Tensor:
    """dw from dout on its canvas."""
    zero = torch.zeros_like(w)
    (found,) = vjp(lambda w: canvas(x, w, stride), {"w": zero}, ("w",), (_like(spread_out, x, w, stride),)).values()
    return found


def _like(spread_out: Tensor, x: Tensor, w: Tensor, stride: int) -> Tensor:
    rows, columns = canvas_size(x, w, stride)
    return spread_out[:, :, :rows, :columns]

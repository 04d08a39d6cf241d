"""The loops that students write for convolution/conv2d, on torch tensors, with NumPy's habits.

A slice that reaches past the edge of an array gets shorter. With one row or column left it broadcasts; with
any other number NumPy raises ValueError.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.misconceptions.numpy_like import numpy_errors


def out_size(n: int, k: int, stride: int, padding: int = 0) -> int:
    """Positions of a window of k on an axis of n."""
    return (n + 2 * padding - k) // stride + 1


def out_sizes(image: Tensor, w: Tensor, stride: int, padding: int = 0) -> tuple[int, int]:
    """Height and width of the feature map."""
    (height, width), (kh, kw) = image.shape[2:], w.shape[2:]
    return out_size(height, kh, stride, padding), out_size(width, kw, stride, padding)


@numpy_errors()
def slide(image: Tensor, w: Tensor, b: Tensor, size: tuple[int, int], step: tuple[int, int], apart: int = 1) -> Tensor:
    """The usual loop over the outputs: windows `step` pixels from each other, their own pixels `apart`.

    Each output is `np.sum(window * w[f]) + b[f]`; `image` is padded already.
    """
    (kh, kw), (down, right) = w.shape[2:], step
    out = image.new_zeros((len(image), len(w), *size))
    for i in range(size[0]):
        for j in range(size[1]):
            rows = slice(i * down, i * down + kh * apart, apart)
            columns = slice(j * right, j * right + kw * apart, apart)
            out[:, :, i, j] = (image[:, None, :, rows, columns] * w).sum((2, 3, 4)) + b
    return out


@numpy_errors()
def send_back(dout: Tensor, w: Tensor, canvas: Tensor, stride: int, width: int, add: bool) -> Tensor:
    """`dxp[window] = w * dout`, or `+=`, in windows as high as the filters and `width` wide."""
    kh, dxp = w.shape[2], torch.zeros_like(canvas)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            window = dxp[:, :, i * stride : i * stride + kh, j * stride : j * stride + width]
            sent = torch.einsum("nf,fckl->nckl", dout[:, :, i, j], w)
            window[:] = window + sent if add else sent
    return dxp


@numpy_errors()
def collect(dout: Tensor, image: Tensor, w: Tensor, stride: int) -> Tensor:
    """`dw[f] += image[n, :, window] * dout[n, f, i, j]`."""
    (kh, kw), dw = w.shape[2:], torch.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            window = image[:, None, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            dw += (window * dout[:, :, i, j, None, None, None]).sum(0)
    return dw


def frame(x: Tensor, rows: tuple[int, int], columns: tuple[int, int], mode: str = "constant") -> Tensor:
    """x with so many rows before and after, and so many columns."""
    return F.pad(x, (*columns, *rows), mode=mode)

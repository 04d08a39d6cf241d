"""Max pooling: forward and backward.

A window slides over each channel and keeps only the largest value it sees: "Yes, I found a cat somewhere".
Backward, the whole gradient of an output goes to the pixel that won, and none to the others.

Rules for all functions here:
- pool is an int or a pair (KH, KW). stride is an int or None; None means the windows tile (stride = pool, on
  each axis its own).
- padding is at most pool // 2 on each axis, and pads with -inf, so that a padded cell never wins.
- Sizes floor: H' = (H + 2 * padding - KH) // stride + 1. With ceil_mode they round up instead, but the last
  window must start inside the image or the padding before it, as in PyTorch; a window that would start in the
  padding after it is dropped. Cells beyond the padding count as -inf.
- Ties: the whole of dout goes to one of the tied maxima, or is shared among several of them. Any such policy
  is accepted (first, last, split); giving each of them the whole of it is not.
- Work in the precision you are given: float64 in, float64 out; float32 in, float32 out.
- Do not change the arrays you are given. A result must not depend on earlier calls.
"""

import numpy as np

### BEGIN SOLUTION
from numpy.lib.stride_tricks import sliding_window_view


def _pairs(pool: int | tuple[int, int], stride: int | None) -> tuple[tuple[int, int], tuple[int, int]]:
    """Window and stride, each as (rows, columns)."""
    window = (pool, pool) if isinstance(pool, int) else (pool[0], pool[1])
    return window, window if stride is None else (stride, stride)


def _output_size(n: int, k: int, stride: int, padding: int, ceil_mode: bool) -> int:
    room = n + 2 * padding - k
    if not ceil_mode:
        return room // stride + 1
    size = -(-room // stride) + 1
    starts_too_late = (size - 1) * stride >= n + padding
    return size - 1 if starts_too_late else size


def _pad(x: np.ndarray, window: tuple[int, int], padding: int) -> np.ndarray:
    """x as floats, framed by -inf; rows and columns to spare at the end, for ceil_mode."""
    x = x.astype(np.result_type(x, np.float32), copy=False)
    (kh, kw), p = window, padding
    return np.pad(x, ((0, 0), (0, 0), (p, p + kh), (p, p + kw)), constant_values=-np.inf)


def _windows(
    x: np.ndarray, window: tuple[int, int], steps: tuple[int, int], padding: int, ceil_mode: bool
) -> np.ndarray:
    """Every window of x, flattened: shape (N, C, H', W', KH * KW)."""
    sizes = [_output_size(x.shape[2 + a], window[a], steps[a], padding, ceil_mode) for a in (0, 1)]
    views = sliding_window_view(_pad(x, window, padding), window, axis=(2, 3))
    views = views[:, :, :: steps[0], :: steps[1]][:, :, : sizes[0], : sizes[1]]
    return views.reshape(*views.shape[:4], -1)


### END SOLUTION


def max_pool2d_forward(
    x: np.ndarray,
    pool: int | tuple[int, int] = 2,
    stride: int | None = None,
    padding: int = 0,
    ceil_mode: bool = False,
) -> np.ndarray:
    """The largest value in each window.

    Args:
        x: images, of shape (N, C, H, W).
        pool: size of the window, an int or a pair (KH, KW).
        stride: step between windows, for both axes; None: windows tile.
        padding: cells of -inf added on each side of both axes, at most pool // 2.
        ceil_mode: round sizes up in place of down (rules: top of this file).

    Returns:
        The maxima, of shape (N, C, H', W').

    The lecture's max(4, 5, 6); and its 98 by 98 map, which a 3 by 3 filter "with no overlap" reduces to
    33 by 33 only if the last, partial window counts:

    >>> max_pool2d_forward(np.array([[[[4.0, 5.0, 6.0]]]]), pool=(1, 3))
    array([[[[6.]]]])
    >>> max_pool2d_forward(np.zeros((1, 1, 98, 98)), pool=3).shape
    (1, 1, 32, 32)
    >>> max_pool2d_forward(np.zeros((1, 1, 98, 98)), pool=3, ceil_mode=True).shape
    (1, 1, 33, 33)
    """
    ### BEGIN SOLUTION
    window, steps = _pairs(pool, stride)
    out: np.ndarray = _windows(x, window, steps, padding, ceil_mode).max(axis=-1)
    return out
    ### END SOLUTION


def max_pool2d_backward(
    dout: np.ndarray,
    x: np.ndarray,
    pool: int | tuple[int, int] = 2,
    stride: int | None = None,
    padding: int = 0,
    ceil_mode: bool = False,
) -> np.ndarray:
    """Gradient of the loss with respect to x.

    Windows may overlap: a pixel that wins several of them receives the sum of their gradients.

    Args:
        dout: gradient of the loss with respect to the output of max_pool2d_forward, of shape (N, C, H', W').
        x: the images that went in, of shape (N, C, H, W).
        pool: as in the forward pass.
        stride: as in the forward pass.
        padding: as in the forward pass.
        ceil_mode: as in the forward pass.

    Returns:
        dx, of the shape of x.

    The 6 wins both windows of two cells that it is in:

    >>> x = np.array([[[[4.0, 6.0, 5.0]]]])
    >>> max_pool2d_backward(np.array([[[[1.0, 10.0]]]]), x, pool=(1, 2), stride=1)
    array([[[[ 0., 11.,  0.]]]])
    """
    ### BEGIN SOLUTION
    window, steps = _pairs(pool, stride)
    winner = _windows(x, window, steps, padding, ceil_mode).argmax(axis=-1)
    n, c, i, j = np.indices(dout.shape)
    rows = i * steps[0] + winner // window[1]
    cols = j * steps[1] + winner % window[1]
    dxp = np.zeros_like(_pad(x, window, padding))
    np.add.at(dxp, (n, c, rows, cols), dout)  # unlike dxp[...] += dout, this adds up repeated positions
    return dxp[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]
    ### END SOLUTION

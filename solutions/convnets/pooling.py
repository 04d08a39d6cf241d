"""Pooling: from a window of pixels to one number, forward and backward.

A window slides over each channel. Max pooling keeps only the largest value it sees: "Yes, I found a cat
somewhere". Average pooling keeps the mean, Lp pooling the norm of the window, and maxout the largest of several
units. Backward, each output shares its gradient out among the values that it was made of.

Rules for all functions here:
- pool is an int or a pair (KH, KW). stride is an int or None; None means the windows tile (stride = pool, on
  each axis its own).
- padding is at most pool // 2 on each axis, and pads with -inf, so that a padded cell never wins. Only max
  pooling has it.
- Sizes floor: H' = (H + 2 * padding - KH) // stride + 1. With ceil_mode they round up instead, but the last
  window must start inside the image or the padding before it, as in PyTorch; a window that would start in the
  padding after it is dropped. Cells beyond the padding count as -inf.
- Ties: the whole of dout goes to one of the tied maxima, or is shared among several of them. Any such policy
  is accepted (first, last, split); giving each of them the whole of it is not.
- Work in the precision you are given: float64 in, float64 out; float32 in, float32 out.
- Do not change the arrays you are given. A result must not depend on earlier calls.
- Arrays are passed by position, and so are p and k; the other options by keyword.
"""

import numpy as np

Pool = int | tuple[int, int]


### BEGIN SOLUTION
def _pairs(pool: Pool, stride: int | None) -> tuple[tuple[int, int], tuple[int, int]]:
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
    (kh, kw), p = window, padding
    return np.pad(_as_float(x), ((0, 0), (0, 0), (p, p + kh), (p, p + kw)), constant_values=-np.inf)


def _as_float(x: np.ndarray) -> np.ndarray:
    return x.astype(np.result_type(x, np.float32), copy=False)


def _windows(
    x: np.ndarray, window: tuple[int, int], steps: tuple[int, int], padding: int = 0, ceil_mode: bool = False
) -> np.ndarray:
    """Every window of x, flattened: shape (N, C, H', W', KH * KW)."""
    sizes = [_output_size(x.shape[2 + a], window[a], steps[a], padding, ceil_mode) for a in (0, 1)]
    views = np.lib.stride_tricks.sliding_window_view(_pad(x, window, padding), window, axis=(2, 3))
    views = views[:, :, :: steps[0], :: steps[1]][:, :, : sizes[0], : sizes[1]]
    return views.reshape(*views.shape[:4], -1)


def _relative(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The largest size in each window, and all sizes in units of it; a window of zeros stays zeros."""
    largest = np.abs(values).max(axis=-1, keepdims=True)
    return largest, np.abs(values) / np.where(largest > 0, largest, 1)


def _send_back(shares: np.ndarray, x: np.ndarray, window: tuple[int, int], steps: tuple[int, int]) -> np.ndarray:
    """Add what each cell of each window gets, of shape (N, C, H', W', KH * KW), to its pixel of x."""
    dx = np.zeros_like(x, np.result_type(x, np.float32))
    down, right = (steps[a] * shares.shape[2 + a] for a in (0, 1))
    for cell in range(window[0] * window[1]):
        i, j = divmod(cell, window[1])
        dx[:, :, i : i + down : steps[0], j : j + right : steps[1]] += shares[..., cell]
    return dx


### END SOLUTION


def max_pool2d_forward(
    x: np.ndarray, pool: Pool = 2, stride: int | None = None, padding: int = 0, ceil_mode: bool = False
) -> np.ndarray:
    """The largest value in each window.

    Args:
        x: images, of shape (N, C, H, W).
        pool: size of the window, an int or a pair (KH, KW).
        stride: step between windows, for both axes; None: windows tile.
        padding: cells of -inf added on each side of both axes, at most pool // 2.
        ceil_mode: round sizes up in place of down.

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
    return np.asarray(_windows(x, window, steps, padding, ceil_mode).max(axis=-1))
    ### END SOLUTION


def max_pool2d_backward(
    dout: np.ndarray,
    x: np.ndarray,
    pool: Pool = 2,
    stride: int | None = None,
    padding: int = 0,
    ceil_mode: bool = False,
) -> np.ndarray:
    """Gradient of the loss with respect to x.

    Windows may overlap: a pixel that wins several of them receives the sum of their gradients.

    Args:
        dout: gradient of the loss with respect to the output of max_pool2d_forward, of shape (N, C, H', W').
        x, pool, stride, padding, ceil_mode: as in the forward pass.

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


def avg_pool2d_forward(x: np.ndarray, pool: Pool = 2, stride: int | None = None) -> np.ndarray:
    """The mean of each window.

    Args:
        x: images, of shape (N, C, H, W).
        pool: size of the window, an int or a pair (KH, KW).
        stride: step between windows, for both axes; None: windows tile.

    Returns:
        The means, of shape (N, C, H', W').

    >>> avg_pool2d_forward(np.array([[[[4.0, 5.0, 6.0]]]]), pool=(1, 3))
    array([[[[5.]]]])
    """
    ### BEGIN SOLUTION
    return np.asarray(_windows(_as_float(x), *_pairs(pool, stride)).mean(axis=-1))
    ### END SOLUTION


def avg_pool2d_backward(dout: np.ndarray, x: np.ndarray, pool: Pool = 2, stride: int | None = None) -> np.ndarray:
    """Gradient of the loss with respect to x.

    Args:
        dout: gradient of the loss with respect to the means, of shape (N, C, H', W').
        x, pool, stride: as in the forward pass.

    Returns:
        dx, of the shape of x.

    >>> avg_pool2d_backward(np.array([[[[6.0, 60.0]]]]), np.zeros((1, 1, 1, 4)), pool=(1, 3), stride=1)
    array([[[[ 2., 22., 22., 20.]]]])
    """
    ### BEGIN SOLUTION
    window, steps = _pairs(pool, stride)
    cells = window[0] * window[1]
    shares = np.repeat(_as_float(dout)[..., None] / cells, cells, axis=-1)
    return _send_back(shares, x, window, steps)
    ### END SOLUTION


def lp_pool2d_forward(x: np.ndarray, p: float, pool: Pool = 2, stride: int | None = None) -> np.ndarray:
    """The p-norm of each window: (sum |x|^p)^(1/p).

    p = 1 adds up sizes, p = 2 is the Euclidean length, and the larger p, the nearer it comes to the maximum.

    Args:
        x: images, of shape (N, C, H, W).
        p: a number, at least 1 and not always whole. p = 100 must not overflow: divide a window by its largest
            |x| first, and multiply by it in the end.
        pool, stride: as for the mean.

    Returns:
        The norms, of shape (N, C, H', W'): none is negative, and 0 is the norm of zeros.

    >>> lp_pool2d_forward(np.array([[[[3.0, -4.0]]]]), 2, pool=(1, 2))
    array([[[[5.]]]])
    """
    ### BEGIN SOLUTION
    largest, ratios = _relative(_windows(_as_float(x), *_pairs(pool, stride)))
    return np.asarray(largest[..., 0] * (ratios**p).sum(axis=-1) ** (1 / p))
    ### END SOLUTION


def lp_pool2d_backward(
    dout: np.ndarray, x: np.ndarray, p: float, pool: Pool = 2, stride: int | None = None
) -> np.ndarray:
    """Gradient of the loss with respect to x.

    The derivative of the norm by a value of its window is sign(x) * (|x| / norm)^(p - 1); by definition it is 0
    where the whole window is zero.

    Args:
        dout: gradient of the loss with respect to the norms, of shape (N, C, H', W').
        x, p, pool, stride: as in the forward pass; p = 100 must not overflow here either.

    Returns:
        dx, of the shape of x.

    >>> lp_pool2d_backward(np.array([[[[10.0]]]]), np.array([[[[3.0, -4.0]]]]), 2, pool=(1, 2))
    array([[[[ 6., -8.]]]])
    """
    ### BEGIN SOLUTION
    window, steps = _pairs(pool, stride)
    values = _windows(_as_float(x), window, steps)
    _, ratios = _relative(values)
    norm = (ratios**p).sum(axis=-1, keepdims=True) ** (1 / p)
    slopes = np.sign(values) * (ratios / np.where(norm > 0, norm, 1)) ** (p - 1)
    return _send_back(slopes * _as_float(dout)[..., None], x, window, steps)
    ### END SOLUTION


def maxout_forward(z: np.ndarray, k: int) -> np.ndarray:
    """The largest of k pieces, for each unit.

    A maxout unit has k sets of weights in place of an activation function, and passes on the largest result.

    Args:
        z: what the pieces computed, of shape (N, k * M): piece 0 of all M units, then piece 1, and so on.
        k: number of pieces.

    Returns:
        The maxima, of shape (N, M).

    Two units with two pieces each: (4, 6) and (5, -1).

    >>> maxout_forward(np.array([[4.0, 5.0, 6.0, -1.0]]), 2)
    array([[6., 5.]])
    """
    ### BEGIN SOLUTION
    return np.asarray(_as_float(z).reshape(len(z), k, -1).max(axis=1))
    ### END SOLUTION


def maxout_backward(dout: np.ndarray, z: np.ndarray, k: int) -> np.ndarray:
    """Gradient of the loss with respect to z: it goes to the piece that won.

    Args:
        dout: gradient of the loss with respect to the maxima, of shape (N, M).
        z, k: as in the forward pass.

    Returns:
        dz, of the shape of z.

    >>> maxout_backward(np.array([[1.0, 10.0]]), np.array([[4.0, 5.0, 6.0, -1.0]]), 2)
    array([[ 0., 10.,  1.,  0.]])
    """
    ### BEGIN SOLUTION
    pieces = _as_float(z).reshape(len(z), k, -1)
    dz = np.zeros_like(pieces)
    np.put_along_axis(dz, pieces.argmax(axis=1, keepdims=True), _as_float(dout)[:, None], axis=1)
    return dz.reshape(z.shape)
    ### END SOLUTION


def global_avg_pool(x: np.ndarray) -> np.ndarray:
    """The mean of each channel: one number for each feature map, however large the image.

    Args:
        x: images, of shape (N, C, H, W).

    Returns:
        The means, of shape (N, C).

    >>> global_avg_pool(np.array([[[[4.0, 5.0, 6.0]], [[1.0, 2.0, 3.0]]]]))
    array([[5., 2.]])
    """
    ### BEGIN SOLUTION
    return np.asarray(_as_float(x).mean(axis=(2, 3)))
    ### END SOLUTION

"""Index arrays and argmax: of tied maxima the first wins. Adds up with bincount."""

import numpy as np


def _cells(x, pool, stride, padding, ceil_mode):
    """Each window's cells as flat indices into its own image, of shape (H', W', KH * KW); -1 outside the image."""
    kernel = (pool, pool) if isinstance(pool, int) else tuple(pool)
    axes = []
    for size, k in zip(x.shape[2:], kernel):
        s = stride or k
        extra = s - 1 if ceil_mode else 0
        count = (size + 2 * padding - k + extra) // s + 1
        if ceil_mode and (count - 1) * s >= size + padding:
            count -= 1
        at = np.arange(count)[:, None] * s + np.arange(k) - padding
        axes.append(np.where((at >= 0) & (at < size), at, -1))
    rows, cols = axes[0][:, None, :, None], axes[1][None, :, None, :]
    flat = np.where((rows >= 0) & (cols >= 0), rows * x.shape[3] + cols, -1)
    return flat.reshape(*flat.shape[:2], -1)


def _values(x, cells):
    flat = x.reshape(*x.shape[:2], -1)
    return np.where(cells >= 0, flat[:, :, cells], -np.inf)


def max_pool2d_forward(x, pool=2, stride=None, padding=0, ceil_mode=False):
    return _values(x, _cells(x, pool, stride, padding, ceil_mode)).max(-1)


def max_pool2d_backward(dout, x, pool=2, stride=None, padding=0, ceil_mode=False):
    cells = _cells(x, pool, stride, padding, ceil_mode)
    best = _values(x, cells).argmax(-1)
    pixel = np.take_along_axis(cells[None, None], best[..., None], -1)[..., 0]
    image = np.arange(x.shape[0] * x.shape[1]).reshape(*x.shape[:2], 1, 1) * (x.shape[2] * x.shape[3])
    return np.bincount((image + pixel).ravel(), dout.ravel(), x.size).reshape(x.shape)

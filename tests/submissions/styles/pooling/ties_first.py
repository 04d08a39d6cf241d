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


def avg_pool2d_forward(x, pool=2, stride=None):
    return _values(x, _cells(x, pool, stride, 0, False)).mean(-1)


def _add_up(shares, x, cells):
    image = np.arange(x.shape[0] * x.shape[1]).reshape(*x.shape[:2], 1, 1, 1) * (x.shape[2] * x.shape[3])
    return np.bincount((image + cells).ravel(), shares.ravel(), x.size).reshape(x.shape)


def avg_pool2d_backward(dout, x, pool=2, stride=None):
    cells = _cells(x, pool, stride, 0, False)
    return _add_up(np.repeat(dout[..., None] / cells.shape[-1], cells.shape[-1], -1), x, cells)


def lp_pool2d_forward(x, p, pool=2, stride=None):
    values = np.abs(_values(x, _cells(x, pool, stride, 0, False)))
    top = np.maximum(values.max(-1), 1e-300)
    return top * np.power(np.power(values / top[..., None], p).sum(-1), 1 / p)


def lp_pool2d_backward(dout, x, p, pool=2, stride=None):
    cells = _cells(x, pool, stride, 0, False)
    values = _values(x, cells)
    norm = np.maximum(lp_pool2d_forward(x, p, pool, stride), 1e-300)[..., None]
    return _add_up(np.sign(values) * (np.abs(values) / norm) ** (p - 1) * dout[..., None], x, cells)


def maxout_forward(z, k):
    return z.reshape(len(z), k, -1).max(1)


def maxout_backward(dout, z, k):
    dz = np.zeros(z.shape)
    m = z.shape[1] // k
    winner = z.reshape(len(z), k, m).argmax(1)
    dz[np.arange(len(z))[:, None], winner * m + np.arange(m)] = dout
    return dz


def global_avg_pool(x):
    return x.reshape(*x.shape[:2], -1).sum(-1) / x[0, 0].size

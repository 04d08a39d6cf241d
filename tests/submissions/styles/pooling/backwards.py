"""All results are views that run backwards, with negative strides."""

import numpy as np


def _geometry(x, pool, stride, padding, ceil_mode):
    kh, kw = (pool, pool) if isinstance(pool, int) else pool
    windows = []
    for size, kernel in zip(x.shape[2:], (kh, kw)):
        step = kernel if stride is None else stride
        starts = range(-padding, size + padding - (0 if ceil_mode else kernel - 1), step)
        if ceil_mode:
            last = -(-(size + 2 * padding - kernel) // step)
            starts = [s for s in starts[:last + 1] if s < size]
        windows.append([slice(max(0, s), min(size, s + kernel)) for s in starts])
    return windows


def _forward(x, pool, stride, padding, ceil_mode):
    rows, cols = _geometry(x, pool, stride, padding, ceil_mode)
    out = np.empty((*x.shape[:2], len(rows), len(cols)), x.dtype)
    for i, r in enumerate(rows):
        for j, c in enumerate(cols):
            out[:, :, i, j] = x[:, :, r, c].max((2, 3))
    return out


def _backward(dout, x, pool, stride, padding, ceil_mode):
    rows, cols = _geometry(x, pool, stride, padding, ceil_mode)
    dx = np.zeros_like(x)
    for i, r in enumerate(rows):
        for j, c in enumerate(cols):
            window = x[:, :, r, c]
            mask = window == window.max((2, 3), keepdims=True)
            dx[:, :, r, c] += mask / mask.sum((2, 3), keepdims=True) * dout[:, :, i, j, None, None]
    return dx


def _backwards(a):
    flip = (slice(None, None, -1),) * a.ndim
    return np.ascontiguousarray(a[flip])[flip]


def max_pool2d_forward(x, pool=2, stride=None, padding=0, ceil_mode=False):
    return _backwards(_forward(x, pool, stride, padding, ceil_mode))


def max_pool2d_backward(dout, x, pool=2, stride=None, padding=0, ceil_mode=False):
    return _backwards(_backward(dout, x, pool, stride, padding, ceil_mode))

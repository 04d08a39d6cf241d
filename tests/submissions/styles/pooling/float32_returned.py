"""Returns float32 whatever comes in."""

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


def _single(*arrays):
    return [array.astype(np.float32) for array in arrays]


def max_pool2d_forward(x, pool=2, stride=None, padding=0, ceil_mode=False):
    (x,) = _single(x)
    return _forward(x, pool, stride, padding, ceil_mode)


def max_pool2d_backward(dout, x, pool=2, stride=None, padding=0, ceil_mode=False):
    dout, x = _single(dout, x)
    return _backward(dout, x, pool, stride, padding, ceil_mode)


def _each_window(x, pool, stride):
    rows, cols = _geometry(x, pool, stride, 0, False)
    for i, r in enumerate(rows):
        for j, c in enumerate(cols):
            yield (slice(None), slice(None), i, j), (slice(None), slice(None), r, c)


def _avg(x, pool, stride):
    rows, cols = _geometry(x, pool, stride, 0, False)
    out = np.empty((*x.shape[:2], len(rows), len(cols)), x.dtype)
    for at, window in _each_window(x, pool, stride):
        out[at] = x[window].mean((2, 3))
    return out


def _avg_back(dout, x, pool, stride):
    dx = np.zeros_like(x)
    for at, window in _each_window(x, pool, stride):
        dx[window] += (dout[at] / x[window][0, 0].size)[..., None, None]
    return dx


def _norm(window, p):
    top = abs(window).max((2, 3), keepdims=True)
    top[top == 0] = 1
    return top * ((abs(window) / top) ** p).sum((2, 3), keepdims=True) ** (1 / p)


def _lp(x, p, pool, stride):
    rows, cols = _geometry(x, pool, stride, 0, False)
    out = np.empty((*x.shape[:2], len(rows), len(cols)), x.dtype)
    for at, window in _each_window(x, pool, stride):
        out[at] = _norm(x[window], p)[..., 0, 0]
    return out


def _lp_back(dout, x, p, pool, stride):
    dx = np.zeros_like(x)
    for at, window in _each_window(x, pool, stride):
        norm = _norm(x[window], p)
        norm[norm == 0] = np.inf
        dx[window] += np.sign(x[window]) * (abs(x[window]) / norm) ** (p - 1) * dout[at][..., None, None]
    return dx


def _maxout(z, k):
    return np.maximum.reduce(np.split(z, k, axis=1))


def _maxout_back(dout, z, k):
    best = _maxout(z, k)
    won = [piece == best for piece in np.split(z, k, axis=1)]
    return np.concatenate([dout * (w / sum(won)).astype(dout.dtype) for w in won], axis=1)


def _means(x):
    return x.mean((2, 3))


def avg_pool2d_forward(x, pool=2, stride=None):
    (x,) = _single(x)
    return _avg(x, pool, stride)


def avg_pool2d_backward(dout, x, pool=2, stride=None):
    dout, x = _single(dout, x)
    return _avg_back(dout, x, pool, stride)


def lp_pool2d_forward(x, p, pool=2, stride=None):
    (x,) = _single(x)
    return _lp(x, p, pool, stride)


def lp_pool2d_backward(dout, x, p, pool=2, stride=None):
    dout, x = _single(dout, x)
    return _lp_back(dout, x, p, pool, stride)


def maxout_forward(z, k):
    (z,) = _single(z)
    return _maxout(z, k)


def maxout_backward(dout, z, k):
    dout, z = _single(dout, z)
    return _maxout_back(dout, z, k)


def global_avg_pool(x):
    (x,) = _single(x)
    return _means(x)

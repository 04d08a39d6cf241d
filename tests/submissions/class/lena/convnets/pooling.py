import numpy as np


def _grid(x, pool, stride, padding, ceil_mode):
    kh, kw = pool if isinstance(pool, (tuple, list)) else (pool, pool)
    sh, sw = (stride, stride) if stride else (kh, kw)

    def count(length, k, s):
        starts = range(-padding, length + padding, s)
        if ceil_mode:
            # a window counts if it starts before the right padding and some cell of it is new
            n = -(-(length + 2 * padding - k) // s) + 1
            return min(n, len([a for a in starts if a < length]))
        return len([a for a in starts if a + k <= length + padding])

    return kh, kw, sh, sw, count(x.shape[2], kh, sh), count(x.shape[3], kw, sw)


def _windows(x, pool, stride, padding, ceil_mode):
    """Yield (i, j, rows, cols): the part of the image that window (i, j) covers."""
    kh, kw, sh, sw, oh, ow = _grid(x, pool, stride, padding, ceil_mode)
    for i in range(oh):
        for j in range(ow):
            r, c = i * sh - padding, j * sw - padding
            yield i, j, slice(max(r, 0), r + kh), slice(max(c, 0), c + kw)


def max_pool2d_forward(x, pool=2, stride=None, padding=0, ceil_mode=False):
    oh, ow = _grid(x, pool, stride, padding, ceil_mode)[4:]
    out = np.zeros(x.shape[:2] + (oh, ow))
    for i, j, rows, cols in _windows(x, pool, stride, padding, ceil_mode):
        out[:, :, i, j] = np.amax(x[:, :, rows, cols], axis=(2, 3))
    return out


def max_pool2d_backward(dout, x, pool=2, stride=None, padding=0, ceil_mode=False):
    dx = np.zeros(x.shape)
    for i, j, rows, cols in _windows(x, pool, stride, padding, ceil_mode):
        win = x[:, :, rows, cols]
        mask = win == np.amax(win, axis=(2, 3), keepdims=True)
        dx[:, :, rows, cols] += mask * dout[:, :, i : i + 1, j : j + 1]
    return dx

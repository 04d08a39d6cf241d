import numpy as np


def _axis(n, k, s, p, ceil_mode):
    """Start and end of each window along one axis, clipped to the image."""
    o = (n + 2 * p - k + (s - 1 if ceil_mode else 0)) // s + 1
    starts = [i * s - p for i in range(o)]
    if ceil_mode:
        starts = [a for a in starts if a < n]
    return [(max(a, 0), min(a + k, n)) for a in starts]


def _both(x, pool, stride, padding, ceil_mode):
    kh, kw = (pool, pool) if isinstance(pool, int) else pool
    sh, sw = (kh, kw) if stride is None else (stride, stride)
    return (_axis(x.shape[2], kh, sh, padding, ceil_mode), _axis(x.shape[3], kw, sw, padding, ceil_mode))


def max_pool2d_forward(x, pool=2, stride=None, padding=0, ceil_mode=False):
    rows, cols = _both(x, pool, stride, padding, ceil_mode)
    return np.stack(
        [np.stack([x[:, :, a:b, c:d].max(axis=(2, 3)) for c, d in cols], axis=-1) for a, b in rows], axis=-2
    )


def max_pool2d_backward(dout, x, pool=2, stride=None, padding=0, ceil_mode=False):
    rows, cols = _both(x, pool, stride, padding, ceil_mode)
    dx = np.zeros_like(x)
    for n, c in np.ndindex(x.shape[:2]):
        for i, (a, b) in enumerate(rows):
            for j, (l, r) in enumerate(cols):
                win = x[n, c, a:b, l:r]
                where = np.argwhere(win == win.max())[-1]     # the last one, if several
                dx[n, c, a + where[0], l + where[1]] += dout[n, c, i, j]
    return dx

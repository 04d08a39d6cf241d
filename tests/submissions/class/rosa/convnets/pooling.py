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


def _pooled(x, pool, stride, f):
    rows, cols = _both(x, pool, stride, 0, False)
    return np.stack([np.stack([f(x[:, :, a:b, c:d]) for c, d in cols], axis=-1) for a, b in rows], axis=-2)


def _spread(dout, x, pool, stride, f):
    """f(window) says how much of dout each pixel of the window gets"""
    rows, cols = _both(x, pool, stride, 0, False)
    dx = np.zeros_like(x)
    for i, (a, b) in enumerate(rows):
        for j, (l, r) in enumerate(cols):
            dx[:, :, a:b, l:r] += f(x[:, :, a:b, l:r]) * dout[:, :, i, j][:, :, None, None]
    return dx


def avg_pool2d_forward(x, pool=2, stride=None):
    return _pooled(x, pool, stride, lambda win: win.mean(axis=(2, 3)))


def avg_pool2d_backward(dout, x, pool=2, stride=None):
    return _spread(dout, x, pool, stride, lambda win: np.ones_like(win) / win[0, 0].size)


def _scaled(win):
    top = np.max(np.abs(win), axis=(2, 3), keepdims=True)
    top = np.where(top == 0, 1.0, top)                        # all zero: leave it alone
    return win / top, top


def lp_pool2d_forward(x, p, pool=2, stride=None):
    def f(win):
        small, top = _scaled(win)
        return top[:, :, 0, 0] * np.sum(np.abs(small) ** p, axis=(2, 3)) ** (1 / p)
    return _pooled(x, pool, stride, f)


def lp_pool2d_backward(dout, x, p, pool=2, stride=None):
    def f(win):
        small, _ = _scaled(win)
        s = np.sum(np.abs(small) ** p, axis=(2, 3), keepdims=True)
        s = np.where(s == 0, 1.0, s)
        return np.sign(win) * np.abs(small) ** (p - 1) * s ** (1 / p - 1)
    return _spread(dout, x, pool, stride, f)


def maxout_forward(z, k):
    m = z.shape[1] // k
    out = z[:, :m]
    for piece in range(1, k):
        out = np.maximum(out, z[:, piece * m:(piece + 1) * m])
    return out


def maxout_backward(dout, z, k):
    m = z.shape[1] // k
    dz = np.zeros_like(z)
    for n, unit in np.ndindex(dout.shape):
        column = z[n, unit::m]
        winner = np.flatnonzero(column == column.max())[-1]    # the last one again
        dz[n, winner * m + unit] = dout[n, unit]
    return dz


def global_avg_pool(x):
    return x.reshape(x.shape[0], x.shape[1], -1).mean(axis=2)

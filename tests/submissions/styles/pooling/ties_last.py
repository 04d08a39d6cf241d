"""Plain Python loops with >=: of tied maxima the last wins."""

import math

import numpy as np


def _starts(size, kernel, step, padding, ceil_mode):
    room = size + 2 * padding - kernel
    count = (math.ceil(room / step) if ceil_mode else room // step) + 1
    while ceil_mode and (count - 1) * step >= size + padding:
        count -= 1
    return [index * step - padding for index in range(count)]


def _winners(x, pool, stride, padding, ceil_mode):
    kh, kw = (pool, pool) if isinstance(pool, int) else pool
    rows = _starts(x.shape[2], kh, stride or kh, padding, ceil_mode)
    cols = _starts(x.shape[3], kw, stride or kw, padding, ceil_mode)
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            for i, top in enumerate(rows):
                for j, left in enumerate(cols):
                    best = None
                    for y in range(max(top, 0), min(top + kh, x.shape[2])):
                        for z in range(max(left, 0), min(left + kw, x.shape[3])):
                            if best is None or x[n, c, y, z] >= x[best]:
                                best = (n, c, y, z)
                    yield (n, c, i, j), best, (len(rows), len(cols))


def max_pool2d_forward(x, pool=2, stride=None, padding=0, ceil_mode=False):
    winners = list(_winners(x, pool, stride, padding, ceil_mode))
    out = np.zeros((*x.shape[:2], *winners[0][2]))
    for at, best, _ in winners:
        out[at] = x[best]
    return out


def max_pool2d_backward(dout, x, pool=2, stride=None, padding=0, ceil_mode=False):
    dx = np.zeros(x.shape)
    for at, best, _ in _winners(x, pool, stride, padding, ceil_mode):
        dx[best] += dout[at]
    return dx


def _windows(x, pool, stride):
    kh, kw = (pool, pool) if isinstance(pool, int) else pool
    rows = _starts(x.shape[2], kh, kh if stride is None else stride, 0, False)
    cols = _starts(x.shape[3], kw, kw if stride is None else stride, 0, False)
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            for i, top in enumerate(rows):
                for j, left in enumerate(cols):
                    cells = [(n, c, top + k, left + l) for k in range(kh) for l in range(kw)]
                    yield (n, c, i, j), cells, (len(rows), len(cols))


def _reduced(x, pool, stride, reduce):
    windows = list(_windows(x, pool, stride))
    out = np.zeros((*x.shape[:2], *windows[0][2]))
    for at, cells, _ in windows:
        out[at] = reduce([float(x[cell]) for cell in cells])
    return out


def _length(values, p):
    top = max(abs(value) for value in values)
    return top * math.fsum((abs(value) / top) ** p for value in values) ** (1 / p) if top else 0.0


def avg_pool2d_forward(x, pool=2, stride=None):
    return _reduced(x, pool, stride, lambda values: math.fsum(values) / len(values))


def avg_pool2d_backward(dout, x, pool=2, stride=None):
    dx = np.zeros(x.shape)
    for at, cells, _ in _windows(x, pool, stride):
        for cell in cells:
            dx[cell] += dout[at] / len(cells)
    return dx


def lp_pool2d_forward(x, p, pool=2, stride=None):
    return _reduced(x, pool, stride, lambda values: _length(values, p))


def lp_pool2d_backward(dout, x, p, pool=2, stride=None):
    dx = np.zeros(x.shape)
    for at, cells, _ in _windows(x, pool, stride):
        length = _length([float(x[cell]) for cell in cells], p)
        for cell in cells:
            if x[cell] != 0:
                dx[cell] += math.copysign((abs(x[cell]) / length) ** (p - 1), x[cell]) * dout[at]
    return dx


def maxout_forward(z, k):
    m = z.shape[1] // k
    return np.array([[max(float(row[piece * m + unit]) for piece in range(k)) for unit in range(m)] for row in z])


def maxout_backward(dout, z, k):
    m = z.shape[1] // k
    dz = np.zeros(z.shape)
    for n in range(len(z)):
        for unit in range(m):
            best = max(range(k), key=lambda piece: (z[n, piece * m + unit], piece))
            dz[n, best * m + unit] = dout[n, unit]
    return dz


def global_avg_pool(x):
    return np.array([[math.fsum(channel.ravel()) / channel.size for channel in image] for image in x])

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

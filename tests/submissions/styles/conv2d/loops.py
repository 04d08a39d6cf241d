"""Plain Python loops over everything, no NumPy operation on more than one number at a time."""

import itertools

import numpy as np


def pad2d(x, padding):
    n, c, h, w = x.shape
    xp = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    for a, b, i, j in np.ndindex(x.shape):
        xp[a, b, i + padding, j + padding] = x[a, b, i, j]
    return xp


def _pairs(x, w, stride, padding):
    """Each (output, filter entry, pixel) that meet."""
    (n, c, height, width), (f, _, kh, kw) = x.shape, w.shape
    rows = (height + 2 * padding - kh) // stride + 1
    cols = (width + 2 * padding - kw) // stride + 1
    for a, g, i, j in itertools.product(range(n), range(f), range(rows), range(cols)):
        for ch, k, l in itertools.product(range(c), range(kh), range(kw)):
            y, z = i * stride + k - padding, j * stride + l - padding
            if 0 <= y < height and 0 <= z < width:
                yield (a, g, i, j), (g, ch, k, l), (a, ch, y, z)


def conv2d_forward(x, w, b, stride=1, padding=0):
    rows = (x.shape[2] + 2 * padding - w.shape[2]) // stride + 1
    cols = (x.shape[3] + 2 * padding - w.shape[3]) // stride + 1
    out = np.zeros((x.shape[0], w.shape[0], rows, cols))
    for o, v, p in _pairs(x, w, stride, padding):
        out[o] += x[p] * w[v]
    for o in np.ndindex(out.shape):
        out[o] += b[o[1]]
    return out


def conv2d_backward(dout, x, w, stride=1, padding=0):
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(w.shape[0])
    for o, v, p in _pairs(x, w, stride, padding):
        dx[p] += dout[o] * w[v]
        dw[v] += dout[o] * x[p]
    for o in np.ndindex(dout.shape):
        db[o[1]] += dout[o]
    return dx, dw, db


def im2col(x, kh, kw, stride=1, padding=0):
    xp = pad2d(x, padding)
    rows = []
    for n in range(x.shape[0]):
        for i in range(0, xp.shape[2] - kh + 1, stride):
            for j in range(0, xp.shape[3] - kw + 1, stride):
                rows.append([xp[n, c, i + k, j + l]
                             for c in range(x.shape[1]) for k in range(kh) for l in range(kw)])
    return np.array(rows)

"""All results are views with gaps between their entries."""

import numpy as np


def _pad2d(x, padding):
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def _sizes(xp, w, stride):
    return (xp.shape[2] - w.shape[2]) // stride + 1, (xp.shape[3] - w.shape[3]) // stride + 1


def _forward(x, w, b, stride, padding):
    xp = _pad2d(x, padding)
    rows, cols = _sizes(xp, w, stride)
    out = np.zeros((len(x), len(w), rows, cols), x.dtype) + b[:, None, None]
    for k in range(w.shape[2]):
        for l in range(w.shape[3]):
            part = xp[:, :, k:k + stride * rows:stride, l:l + stride * cols:stride]
            out += np.einsum("ncij,fc->nfij", part, w[:, :, k, l])
    return out


def _backward(dout, x, w, stride, padding):
    xp = _pad2d(x, padding)
    rows, cols = dout.shape[2:]
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i in range(rows):
        for j in range(cols):
            at = (slice(None), slice(None), slice(i * stride, i * stride + w.shape[2]),
                  slice(j * stride, j * stride + w.shape[3]))
            dxp[at] += np.einsum("nf,fckl->nckl", dout[:, :, i, j], w)
            dw += np.einsum("nf,nckl->fckl", dout[:, :, i, j], xp[at])
    h, wide = x.shape[2:]
    return dxp[:, :, padding:padding + h, padding:padding + wide], dw, dout.sum((0, 2, 3))


def _im2col(x, kh, kw, stride, padding):
    xp = _pad2d(x, padding)
    rows, cols = range(0, xp.shape[2] - kh + 1, stride), range(0, xp.shape[3] - kw + 1, stride)
    return np.stack([xp[n, :, i:i + kh, j:j + kw].ravel() for n in range(len(x)) for i in rows for j in cols])


def _with_gaps(a):
    wide = np.full([2 * size for size in a.shape], np.nan)
    view = wide[tuple(slice(1, None, 2) for _ in a.shape)]
    view[...] = a
    return view


def pad2d(x, padding):
    return _with_gaps(_pad2d(x, padding))


def conv2d_forward(x, w, b, stride=1, padding=0):
    return _with_gaps(_forward(x, w, b, stride, padding))


def conv2d_backward(dout, x, w, stride=1, padding=0):
    return tuple(_with_gaps(result) for result in _backward(dout, x, w, stride, padding))


def im2col(x, kh, kw, stride=1, padding=0):
    return _with_gaps(_im2col(x, kh, kw, stride, padding))

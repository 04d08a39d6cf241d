"""Selection matrices and einsum: which pixel meets which entry of the filter is a matrix of zeros and ones."""

import numpy as np


def _meets(size, kernel, stride, padding):
    """meets[i, k, y] is 1 where output i reads pixel y through entry k of the filter."""
    count = (size + 2 * padding - kernel) // stride + 1
    i, k, y = np.ogrid[:count, :kernel, :size]
    return (i * stride + k - padding == y).astype(float)


def pad2d(x, padding):
    rows = np.eye(x.shape[2] + 2 * padding, x.shape[2], -padding)
    cols = np.eye(x.shape[3] + 2 * padding, x.shape[3], -padding)
    return np.einsum("ncyz,iy,jz->ncij", x, rows, cols)


def _both(x, w, stride, padding):
    return (_meets(x.shape[2], w.shape[2], stride, padding), _meets(x.shape[3], w.shape[3], stride, padding))


def conv2d_forward(x, w, b, stride=1, padding=0):
    r, s = _both(x, w, stride, padding)
    return np.einsum("ncyz,fckl,iky,jlz->nfij", x, w, r, s, optimize=True) + b.reshape(1, -1, 1, 1)


def conv2d_backward(dout, x, w, stride=1, padding=0):
    r, s = _both(x, w, stride, padding)
    dx = np.einsum("nfij,fckl,iky,jlz->ncyz", dout, w, r, s, optimize=True)
    dw = np.einsum("nfij,ncyz,iky,jlz->fckl", dout, x, r, s, optimize=True)
    return dx, dw, np.einsum("nfij->f", dout)


def im2col(x, kh, kw, stride=1, padding=0):
    r, s = _meets(x.shape[2], kh, stride, padding), _meets(x.shape[3], kw, stride, padding)
    return np.einsum("ncyz,iky,jlz->nijckl", x, r, s).reshape(-1, x.shape[1] * kh * kw)

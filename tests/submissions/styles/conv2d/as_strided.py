"""Windows as a view with as_strided; the backward pass is a convolution of the dilated, padded dout."""

import numpy as np
from numpy.lib.stride_tricks import as_strided


def pad2d(x, padding):
    return np.pad(x, [(0, 0)] * 2 + [(padding, padding)] * 2)


def _windows(x, kh, kw, stride):
    n, c, h, w = x.shape
    sn, sc, sh, sw = x.strides
    shape = (n, c, (h - kh) // stride + 1, (w - kw) // stride + 1, kh, kw)
    return as_strided(x, shape, (sn, sc, sh * stride, sw * stride, sh, sw), writeable=False)


def conv2d_forward(x, w, b, stride=1, padding=0):
    windows = _windows(pad2d(x, padding), *w.shape[2:], stride)
    return np.tensordot(windows, w, ([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2) + b[:, None, None]


def conv2d_backward(dout, x, w, stride=1, padding=0):
    n, f, rows, cols = dout.shape
    kh, kw = w.shape[2:]
    high, wide = x.shape[2] + 2 * padding, x.shape[3] + 2 * padding
    dense = np.zeros((n, f, high + kh - 1, wide + kw - 1), dout.dtype)
    dense[:, :, kh - 1:kh - 1 + rows * stride:stride, kw - 1:kw - 1 + cols * stride:stride][:] = dout
    dxp = np.tensordot(_windows(dense, kh, kw, 1), w[:, :, ::-1, ::-1], ([1, 4, 5], [0, 2, 3])).transpose(0, 3, 1, 2)
    dw = np.tensordot(dout, _windows(pad2d(x, padding), kh, kw, stride), ([0, 2, 3], [0, 2, 3]))
    dx = dxp[:, :, padding:high - padding, padding:wide - padding]
    return dx, dw, dout.sum((0, 2, 3))


def im2col(x, kh, kw, stride=1, padding=0):
    windows = _windows(pad2d(x, padding), kh, kw, stride)
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, x.shape[1] * kh * kw)

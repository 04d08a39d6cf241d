"""Windows as rows of a matrix through index arrays, so that everything is one matrix product (BLAS)."""

import numpy as np


def pad2d(x, padding):
    n, c, h, w = x.shape
    xp = np.zeros((n, c, h + 2 * padding, w + 2 * padding), x.dtype)
    xp[:, :, padding:padding + h, padding:padding + w] = x
    return xp


def _indices(shape, kh, kw, stride):
    c, h, w = shape[1:]
    i = stride * np.arange((h - kh) // stride + 1)
    j = stride * np.arange((w - kw) // stride + 1)
    ch, k, l = (a.ravel() for a in np.meshgrid(np.arange(c), np.arange(kh), np.arange(kw), indexing="ij"))
    rows, cols = (a.ravel() for a in np.meshgrid(i, j, indexing="ij"))
    return ch[None], rows[:, None] + k, cols[:, None] + l, len(i), len(j)


def im2col(x, kh, kw, stride=1, padding=0):
    xp = pad2d(x, padding)
    ch, rows, cols, *_ = _indices(xp.shape, kh, kw, stride)
    return xp[:, ch, rows, cols].reshape(-1, x.shape[1] * kh * kw)


def conv2d_forward(x, w, b, stride=1, padding=0):
    f, _, kh, kw = w.shape
    *_, high, wide = _indices(pad2d(x, padding).shape, kh, kw, stride)
    out = im2col(x, kh, kw, stride, padding) @ w.reshape(f, -1).T + b
    return out.reshape(len(x), high, wide, f).transpose(0, 3, 1, 2)


def conv2d_backward(dout, x, w, stride=1, padding=0):
    f, _, kh, kw = w.shape
    flat = dout.transpose(0, 2, 3, 1).reshape(-1, f)
    dw = (flat.T @ im2col(x, kh, kw, stride, padding)).reshape(w.shape)
    dxp = np.zeros_like(pad2d(x, padding))
    ch, rows, cols, *_ = _indices(dxp.shape, kh, kw, stride)
    np.add.at(dxp, (slice(None), ch, rows, cols), (flat @ w.reshape(f, -1)).reshape(len(x), -1, ch.size))
    h, wide = x.shape[2:]
    return dxp[:, :, padding:padding + h, padding:padding + wide], dw, flat.sum(0)

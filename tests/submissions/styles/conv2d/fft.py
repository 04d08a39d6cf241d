"""Convolution by the fast Fourier transform: right, but rounding is spread over the whole image."""

import numpy as np


def pad2d(x, padding):
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def _correlate(a, k):
    """Full-size cross-correlation of images a (N, C, H, W) and kernels k (F, C, KH, KW), valid part only."""
    size = a.shape[2:]
    spectrum = np.fft.rfft2(a, size)[:, None] * np.conj(np.fft.rfft2(k, size))[None]
    full = np.fft.irfft2(spectrum.sum(2), size)
    return full[:, :, :size[0] - k.shape[2] + 1, :size[1] - k.shape[3] + 1]


def _dilated(dout, stride, rows, cols):
    wide = np.zeros((*dout.shape[:2], rows, cols))
    wide[:, :, ::stride, ::stride][:, :, :dout.shape[2], :dout.shape[3]] = dout
    return wide


def conv2d_forward(x, w, b, stride=1, padding=0):
    out = _correlate(pad2d(x, padding), w)[:, :, ::stride, ::stride]
    return out + b[None, :, None, None]


def conv2d_backward(dout, x, w, stride=1, padding=0):
    xp = pad2d(x, padding)
    kh, kw = w.shape[2:]
    high, wide = xp.shape[2:]
    dense = _dilated(dout, stride, high - kh + 1, wide - kw + 1)
    dw = _correlate(xp.swapaxes(0, 1), dense.swapaxes(0, 1)).swapaxes(0, 1)
    framed = np.pad(dense, ((0, 0), (0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1)))
    dxp = _correlate(framed, w[:, :, ::-1, ::-1].swapaxes(0, 1))
    return dxp[:, :, padding:high - padding, padding:wide - padding], dw, dout.sum((0, 2, 3))


def im2col(x, kh, kw, stride=1, padding=0):
    xp = pad2d(x, padding)
    rows, cols = range(0, xp.shape[2] - kh + 1, stride), range(0, xp.shape[3] - kw + 1, stride)
    return np.array([image[:, i:i + kh, j:j + kw].ravel() for image in xp for i in rows for j in cols])

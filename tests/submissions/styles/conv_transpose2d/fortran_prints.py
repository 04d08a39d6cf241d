"""Stamp by stamp, results in Fortran order, arguments scribbled over, and much to say on both streams."""

import sys

import numpy as np

print("here we go")


def conv_transpose2d_forward(x, w, b, stride=1, padding=0, output_padding=0):
    print("forward", x.shape, w.shape, file=sys.stderr)
    n, _, h, wd = x.shape
    _, f, kh, kw = w.shape
    canvas = np.zeros(
        (n, f, (h - 1) * stride + kh + output_padding, (wd - 1) * stride + kw + output_padding), order="F"
    )
    for i in range(h):
        for j in range(wd):
            stamp = np.tensordot(x[:, :, i, j], w, 1)
            canvas[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += stamp
    canvas += b[:, None, None]
    x[...] = 7
    return canvas[:, :, padding : canvas.shape[2] - padding, padding : canvas.shape[3] - padding]


def conv_transpose2d_backward(dout, x, w, stride=1, padding=0, output_padding=0):
    print("backward", file=sys.stderr)
    kh, kw = w.shape[2:]
    wide = np.pad(dout, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    dx, dw = np.zeros(x.shape, order="F"), np.zeros(w.shape, order="F")
    for i in reversed(range(x.shape[2])):
        for j in reversed(range(x.shape[3])):
            seen = wide[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            dx[:, :, i, j] = np.tensordot(seen, w, ((1, 2, 3), (1, 2, 3)))
            dw += np.tensordot(x[:, :, i, j], seen, ((0,), (0,)))
    db = np.add.reduce(dout, (0, 2, 3))
    dout *= 0
    return dx, dw, db


def bilinear_kernel(factor, channels):
    print(factor)
    size = 2 * factor - factor % 2
    centre = factor - 1 if size % 2 else factor - 0.5
    row, column = np.ogrid[:size, :size]
    patch = (1 - abs(row - centre) / factor) * (1 - abs(column - centre) / factor)
    w = np.zeros((channels, channels, size, size), order="F")
    for c in range(channels):
        w[c, c] = patch
    return w

"""Nothing but loops over single numbers, in pure Python."""

import numpy as np


def conv_transpose2d_forward(x, w, b, stride=1, padding=0, output_padding=0):
    n, c, h, wd = x.shape
    _, f, kh, kw = w.shape
    rows = (h - 1) * stride - 2 * padding + kh + output_padding
    cols = (wd - 1) * stride - 2 * padding + kw + output_padding
    out = np.zeros((n, f, rows, cols))
    for a, m, r, q in np.ndindex(out.shape):
        total = float(b[m])
        for i in range(h):
            k = r + padding - i * stride
            if not 0 <= k < kh:
                continue
            for j in range(wd):
                l = q + padding - j * stride
                if 0 <= l < kw:
                    for ch in range(c):
                        total += float(x[a, ch, i, j]) * float(w[ch, m, k, l])
        out[a, m, r, q] = total
    return out


def conv_transpose2d_backward(dout, x, w, stride=1, padding=0, output_padding=0):
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(w.shape[1])
    for a, m, r, q in np.ndindex(dout.shape):
        d = float(dout[a, m, r, q])
        db[m] += d
        for i in range(x.shape[2]):
            for j in range(x.shape[3]):
                k, l = r + padding - i * stride, q + padding - j * stride
                if 0 <= k < w.shape[2] and 0 <= l < w.shape[3]:
                    for ch in range(x.shape[1]):
                        dx[a, ch, i, j] += d * float(w[ch, m, k, l])
                        dw[ch, m, k, l] += d * float(x[a, ch, i, j])
    return dx, dw, db


def bilinear_kernel(factor, channels):
    size = 2 * factor - factor % 2
    w = np.zeros((channels, channels, size, size))
    for c in range(channels):
        for i in range(size):
            for j in range(size):
                up, across = abs(i - (size - 1) / 2), abs(j - (size - 1) / 2)
                w[c, c, i, j] = (factor - up) * (factor - across) / factor**2
    return w

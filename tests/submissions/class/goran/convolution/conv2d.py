import numpy as np


def pad2d(x, padding):
    p = padding
    return np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode="constant", constant_values=0)


def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, C, KH, KW = w.shape
    s, p = stride, padding
    xp = pad2d(x, p)
    Ho, Wo = (H + 2 * p - KH) // s + 1, (W + 2 * p - KW) // s + 1
    out = np.zeros((N, F, Ho, Wo))
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    out[n, f, i, j] = np.sum(xp[n, :, i * s : i * s + KH, j * s : j * s + KW] * w[f]) + b[f]
    return out


def conv2d_backward(dout, x, w, stride=1, padding=0):
    N, C, H, W = x.shape
    F, C, KH, KW = w.shape
    _, _, Ho, Wo = dout.shape
    s, p = stride, padding
    xp = pad2d(x, p)
    dx = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.sum(dout, axis=(0, 2, 3))
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    dw[f] += xp[n, :, i * s : i * s + KH, j * s : j * s + KW] * dout[n, f, i, j]
                    dx[n, :, i * s : i * s + KH, j * s : j * s + KW] += w[f] * dout[n, f, i, j]
    dx = dx[:, :, p:-p, p:-p]
    return dx, dw, db


def im2col(x, kh, kw, stride=1, padding=0):
    # YOUR CODE HERE
    raise NotImplementedError

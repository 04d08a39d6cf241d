import numpy as np


def pad2d(x, padding):
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="constant")


def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, C, KH, KW = w.shape

    # dimensions of the result
    H_new = int((H + 2 * padding - KH) / stride + 1)
    W_new = int((W + 2 * padding - KW) / stride + 1)

    x_pad = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="constant")
    out = np.zeros((N, F, H_new, W_new))
    for n in range(N):
        for f in range(F):
            for i in range(H_new):
                for j in range(W_new):
                    window = x_pad[n, :, i * stride : i * stride + KH, j * stride : j * stride + KW]
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out


def conv2d_backward(dout, x, w, stride=1, padding=0):
    N, C, H, W = x.shape
    F, C, KH, KW = w.shape
    _, _, H_new, W_new = dout.shape

    x_pad = pad2d(x, padding)
    dx_pad = np.zeros(x_pad.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(H_new):
                for j in range(W_new):
                    window = x_pad[n, :, i * stride : i * stride + KH, j * stride : j * stride + KW]
                    db[f] += dout[n, f, i, j]
                    dw[f] += window * dout[n, f, i, j]
                    dx_pad[n, :, i * stride : i * stride + KH, j * stride : j * stride + KW] += w[f] * dout[n, f, i, j]
    dx = dx_pad[:, :, padding : padding + H, padding : padding + W]
    return dx, dw, db


def im2col(x, kh, kw, stride=1, padding=0):
    raise NotImplementedError

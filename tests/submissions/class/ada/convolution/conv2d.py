"""Ada - assignment 1"""
import numpy as np


def pad2d(x, padding):
    N, C, H, W = x.shape
    out = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    for n in range(N):
        for c in range(C):
            for i in range(H):
                for j in range(W):
                    out[n, c, i + padding, j + padding] = x[n, c, i, j]
    return out


def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, C2, KH, KW = w.shape
    # output size from the lecture: (n + 2p - f) / s + 1
    H_out = (H + 2 * padding - KH) // stride + 1
    W_out = (W + 2 * padding - KW) // stride + 1
    xp = pad2d(x, padding)
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    s = 0.0
                    for c in range(C):
                        for k in range(KH):
                            for l in range(KW):
                                s += xp[n, c, i * stride + k, j * stride + l] * w[f, c, k, l]
                    out[n, f, i, j] = s + b[f]
    return out


def conv2d_backward(dout, x, w, stride=1, padding=0):
    N, C, H, W = x.shape
    F, C2, KH, KW = w.shape
    N2, F2, H_out, W_out = dout.shape
    xp = pad2d(x, padding)
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    g = dout[n, f, i, j]
                    db[f] += g
                    for c in range(C):
                        for k in range(KH):
                            for l in range(KW):
                                # product rule: each factor gets the other one
                                dw[f, c, k, l] += g * xp[n, c, i * stride + k, j * stride + l]
                                dxp[n, c, i * stride + k, j * stride + l] += g * w[f, c, k, l]
    # cut the frame off again
    dx = dxp[:, :, padding:padding + H, padding:padding + W]
    return dx, dw, db


def im2col(x, kh, kw, stride=1, padding=0):
    # no time for the bonus
    raise NotImplementedError

import numpy as np


def pad2d(x, padding):
    N, C, H, W = x.shape
    padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    for n in range(N):
        for c in range(C):
            padded[n, c] = np.pad(x[n, c], padding)
    return padded


def correlate(img, kernel, stride):
    KH, KW = kernel.shape
    H = (img.shape[0] - KH) // stride + 1
    W = (img.shape[1] - KW) // stride + 1
    res = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            res[i, j] = (img[i * stride:i * stride + KH, j * stride:j * stride + KW] * kernel).sum()
    return res


def conv2d_forward(x, w, b, stride=1, padding=0):
    xp = pad2d(x, padding)
    out = []
    for n in range(x.shape[0]):
        maps = []
        for f in range(w.shape[0]):
            m = 0
            for c in range(x.shape[1]):
                m = m + correlate(xp[n, c], w[f, c], stride) + b[f]
            maps.append(m)
        out.append(maps)
    return np.array(out)


def conv2d_backward(dout, x, w, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = pad2d(x, padding)
    dxp = np.zeros_like(xp)
    dw = np.zeros(w.shape)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            db[f] += dout[n, f].sum()
            for c in range(C):
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        r, s = i * stride, j * stride
                        dw[f, c] += dout[n, f, i, j] * xp[n, c, r:r + KH, s:s + KW]
                        dxp[n, c, r:r + KH, s:s + KW] += dout[n, f, i, j] * w[f, c]
    return dxp[:, :, padding:padding + H, padding:padding + W], dw, db


def im2col(x, kh, kw, stride=1, padding=0):
    raise NotImplementedError

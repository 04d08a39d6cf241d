import numpy as np


def pad2d(x, padding):
    if padding == 0:
        return x
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), "constant")


def conv2d_forward(x, w, b, stride=1, padding=0):
    N, _, H, W = x.shape
    F, _, HH, WW = w.shape
    Ho = 1 + (H + 2 * padding - HH) // stride
    Wo = 1 + (W + 2 * padding - WW) // stride
    xp = pad2d(x, padding)
    out = np.zeros((N, F, Ho, Wo))
    for f in range(F):
        for i in range(Ho):
            for j in range(Wo):
                window = xp[:, :, i * stride:i * stride + HH, j * stride:j * stride + WW]
                out[:, f, i, j] = np.sum(window * w[f], axis=(1, 2, 3))
        out[:, f] += b[f]
    return out


def conv2d_backward(dout, x, w, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    db = dout.sum(axis=(0, 2, 3))
    xp = pad2d(x, padding)
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    Ho, Wo = dout.shape[2:]
    for i in range(Ho):
        for j in range(Wo):
            r, c = i * stride, j * stride
            for f in range(F):
                d = dout[:, f, i, j]
                dw[f] += np.sum(xp[:, :, r:r + HH, c:c + WW] * d[:, None, None, None], axis=0)
                dxp[:, :, r:r + HH, c:c + WW] += w[f] * d[:, None, None, None]
            dout[:, :, i, j] = 0   # done with this one
    return dxp[:, :, padding:H + padding, padding:W + padding], dw, db


def im2col(x, kh, kw, stride=1, padding=0):
    xp = pad2d(x, padding)
    rows = []
    for img in xp:
        for i in range(0, xp.shape[2] - kh + 1, stride):
            for j in range(0, xp.shape[3] - kw + 1, stride):
                rows.append(img[:, i:i + kh, j:j + kw].ravel())
    return np.array(rows)

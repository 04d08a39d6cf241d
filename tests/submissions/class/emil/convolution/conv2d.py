import numpy as np

# I come from MATLAB, so column order everywhere.


def pad2d(x, padding):
    n, c, h, w = x.shape
    xp = np.zeros((n, c, h + 2 * padding, w + 2 * padding), order="F")
    xp[:, :, padding:h + padding, padding:w + padding] = x
    return xp


def conv2d_forward(x, w, b, stride=1, padding=0):
    xp = pad2d(x, padding)
    n, c, h, wd = xp.shape
    f, _, kh, kw = w.shape
    oh = int(np.floor((h - kh) / stride)) + 1
    ow = int(np.floor((wd - kw) / stride)) + 1
    y = np.zeros((n, f, oh, ow), order="F")
    W2 = w.reshape(f, -1)
    for j in range(ow):
        for i in range(oh):
            patch = xp[:, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
            y[:, :, i, j] = patch.reshape(n, -1) @ W2.T + b
    return y


def conv2d_backward(dout, x, w, stride=1, padding=0):
    xp = pad2d(x, padding)
    n = x.shape[0]
    f, c, kh, kw = w.shape
    dxp = np.zeros(xp.shape, order="F")
    dw = np.zeros(w.shape, order="F")
    for j in range(dout.shape[3]):
        for i in range(dout.shape[2]):
            rows = slice(i * stride, i * stride + kh)
            cols = slice(j * stride, j * stride + kw)
            d = dout[:, :, i, j]                                     # n x f
            dw += (d.T @ xp[:, :, rows, cols].reshape(n, -1)).reshape(w.shape)
            dxp[:, :, rows, cols] += (d @ w.reshape(f, -1)).reshape(n, c, kh, kw)
    db = dout.sum(axis=3).sum(axis=2).sum(axis=0)
    dx = dxp[:, :, padding:padding + x.shape[2], padding:padding + x.shape[3]]
    return np.asfortranarray(dx), dw, db


def im2col(x, kh, kw, stride=1, padding=0):
    raise NotImplementedError

import numpy as np


def pad2d(x, padding):
    p = padding
    return np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)], mode="constant")


def _indices(C, H, W, kh, kw, stride):
    """Index arrays (k, i, j) such that xp[:, k, i, j] are all the patches."""
    oh = (H - kh) // stride + 1
    ow = (W - kw) // stride + 1
    i0 = np.tile(np.repeat(np.arange(kh), kw), C)
    i1 = stride * np.repeat(np.arange(oh), ow)
    j0 = np.tile(np.arange(kw), kh * C)
    j1 = stride * np.tile(np.arange(ow), oh)
    i = i0.reshape(-1, 1) + i1.reshape(1, -1)
    j = j0.reshape(-1, 1) + j1.reshape(1, -1)
    k = np.repeat(np.arange(C), kh * kw).reshape(-1, 1)
    return k, i, j, oh, ow


def im2col(x, kh, kw, stride=1, padding=0):
    xp = pad2d(x, padding)
    k, i, j, oh, ow = _indices(*xp.shape[1:], kh, kw, stride)
    cols = xp[:, k, i, j]                      # (N, C*kh*kw, oh*ow)
    return cols.transpose(0, 2, 1).reshape(-1, x.shape[1] * kh * kw)


def col2im(dcols, shape, kh, kw, stride, padding):
    N, C, H, W = shape
    dxp = np.zeros((N, C, H + 2 * padding, W + 2 * padding), dtype=dcols.dtype)
    k, i, j, oh, ow = _indices(*dxp.shape[1:], kh, kw, stride)
    d = dcols.reshape(N, oh * ow, C * kh * kw).transpose(0, 2, 1)
    np.add.at(dxp, (slice(None), k, i, j), d)
    return dxp[:, :, padding:H + padding, padding:W + padding]


def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    oh = (H + 2 * padding - kh) // stride + 1
    ow = (W + 2 * padding - kw) // stride + 1
    res = im2col(x, kh, kw, stride, padding) @ w.reshape(F, -1).T + b
    return res.reshape(N, oh, ow, F).transpose(0, 3, 1, 2)


def conv2d_backward(dout, x, w, stride=1, padding=0):
    F, _, kh, kw = w.shape
    cols = im2col(x, kh, kw, stride, padding)
    d = dout.transpose(0, 2, 3, 1).reshape(-1, F)
    db = d.sum(axis=0)
    dw = (d.T @ cols).reshape(w.shape)
    dx = col2im(d @ w.reshape(F, -1), x.shape, kh, kw, stride, padding)
    return dx, dw, db

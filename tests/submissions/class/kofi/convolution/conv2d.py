import numpy as np


def pad2d(x, padding):
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def conv2d_forward(x, w, b, stride=1, padding=0):
    n, c, h, wid = x.shape
    f, c, kh, kw = w.shape
    xp = pad2d(x, padding)
    h2 = (h + 2 * padding - kh) // stride + 1
    w2 = (wid + 2 * padding - kw) // stride + 1
    out = np.zeros((n, f, h2, w2))
    for i in range(h2):
        for j in range(w2):
            win = xp[:, None, :, i * stride : i * stride + kh, j * stride : j * stride + kw]  # n,1,c,kh,kw
            out[:, :, i, j] = (win * w[None]).sum(axis=(2, 3, 4)) + b
    return out


def conv2d_backward(dout, x, w, stride=1, padding=0):
    n, c, h, wid = x.shape
    f, c, kh, kw = w.shape
    n, f, h2, w2 = dout.shape
    xp = pad2d(x, padding)
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    for i in range(h2):
        for j in range(w2):
            a, e = i * stride, j * stride
            win = xp[:, None, :, a : a + kh, e : e + kw]
            g = dout[:, :, i, j][:, :, None, None, None]  # n,f,1,1,1
            dw += (win * g).sum(axis=0)
            dxp[:, :, a : a + kh, e : e + kw] = (w[None] * g).sum(axis=1)
    dx = dxp[:, :, padding : padding + h, padding : padding + wid]
    return dx, dw, dout.sum(axis=(0, 2, 3))


def im2col(x, kh, kw, stride=1, padding=0):
    raise NotImplementedError

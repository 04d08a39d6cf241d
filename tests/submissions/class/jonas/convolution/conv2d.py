import numpy as np


def pad2d(x, padding):
    pad_width = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    return np.pad(x, pad_width, mode="constant")


def _out_shape(x, w, stride, padding):
    h = (x.shape[2] + 2 * padding - w.shape[2]) // stride + 1
    wd = (x.shape[3] + 2 * padding - w.shape[3]) // stride + 1
    return h, wd


def conv2d_forward(x, w, b, stride=1, padding=0):
    h_out, w_out = _out_shape(x, w, stride, padding)
    xp = pad2d(x, padding)
    kh, kw = w.shape[2], w.shape[3]
    out = np.zeros((len(x), len(w), h_out, w_out))
    for n, img in enumerate(xp):
        for f, kernel in enumerate(w):
            for i in range(h_out):
                for j in range(w_out):
                    top, left = i * stride, j * stride
                    out[n, f, i, j] = np.vdot(img[:, top : top + kh, left : left + kw], kernel) + b[f]
    return out


def conv2d_backward(dout, x, w, stride=1, padding=0):
    xp = pad2d(x, padding)
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(len(w))
    kh, kw = w.shape[2], w.shape[3]
    for (n, f, i, j), g in np.ndenumerate(dout):
        top, left = i * stride, j * stride
        dw[f] += g * xp[n, :, top : top + kh, left : left + kw]
        dxp[n, :, i : i + kh, j : j + kw] += g * w[f]
        db[f] += g
    h, wd = x.shape[2:]
    return dxp[:, :, padding : padding + h, padding : padding + wd], dw, db


def im2col(x, kh, kw, stride=1, padding=0):
    raise NotImplementedError

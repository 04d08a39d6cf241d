import numpy as np


def pad2d(x, padding):
    N, C, H, W = np.shape(x)
    out = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    out[:, :, padding : padding + H, padding : padding + W] = x
    return out


def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, K, K2 = w.shape
    x = pad2d(x, padding)
    Hout = (H + 2 * padding - K) // stride + 1
    Wout = (W + 2 * padding - K) // stride + 1
    out = np.zeros((N, F, Hout, Wout))
    for n in range(N):
        for f in range(F):
            for i in range(Hout):
                for j in range(Wout):
                    a = i * stride
                    c = j * stride
                    out[n, f, i, j] = (x[n, :, a : a + K, c : c + K2] * w[f]).sum() + b[f]
    return out


def conv2d_backward(dout, x, w, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, K, K2 = w.shape
    xpad = pad2d(x, padding)
    dxpad, dw, db = np.zeros(xpad.shape), np.zeros(w.shape), np.zeros(F)
    for n in range(N):
        for f in range(F):
            db[f] += dout[n, f].sum()
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    a = i * stride
                    c = j * stride
                    dw[f] += dout[n, f, i, j] * xpad[n, :, a : a + K, c : c + K2]
                    dxpad[n, :, a : a + K, c : c + K2] += dout[n, f, i, j] * w[f]
    return dxpad[:, :, padding : padding + H, padding : padding + W], dw, db


def im2col(x, kh, kw, stride=1, padding=0):
    raise NotImplementedError

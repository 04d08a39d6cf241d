import numpy as np


def pad2d(x, padding):
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def conv2d_forward(x, w, conv_param):
    """conv_param: dict with 'b', 'stride' and 'pad'"""
    b, s, p = conv_param["b"], conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    xp = pad2d(x, p)
    Ho = (H + 2 * p - HH) // s + 1
    Wo = (W + 2 * p - WW) // s + 1
    out = np.zeros((N, F, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            win = xp[:, :, i * s:i * s + HH, j * s:j * s + WW]
            out[:, :, i, j] = win.reshape(N, -1) @ w.reshape(F, -1).T + b
    return out, (x, w, conv_param)


def conv2d_backward(dout, cache):
    x, w, conv_param = cache
    s, p = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    xp = pad2d(x, p)
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            r, c = slice(i * s, i * s + HH), slice(j * s, j * s + WW)
            d = dout[:, :, i, j]
            dw += (d.T @ xp[:, :, r, c].reshape(N, -1)).reshape(w.shape)
            dxp[:, :, r, c] += (d @ w.reshape(F, -1)).reshape(N, C, HH, WW)
    return dxp[:, :, p:p + H, p:p + W], dw, dout.sum(axis=(0, 2, 3))

import numpy as np


def shapes(x, pool, stride, p, ceil_mode):
    KH, KW = (pool, pool) if type(pool) is int else pool
    sh, sw = (KH, KW) if stride is None else (stride, stride)
    H, W = x.shape[2:]
    a, b = H + 2 * p - KH, W + 2 * p - KW
    if ceil_mode:
        a += sh - 1
        b += sw - 1
    Ho, Wo = a // sh + 1, b // sw + 1
    if ceil_mode and (Ho - 1) * sh >= H + p:
        Ho -= 1
    if ceil_mode and (Wo - 1) * sw >= W + p:
        Wo -= 1
    xp = np.full(x.shape[:2] + (p + H + p + KH, p + W + p + KW), -np.inf)
    xp[:, :, p : p + H, p : p + W] = x
    return KH, KW, sh, sw, Ho, Wo, xp


def max_pool2d_forward(x, pool=2, stride=None, padding=0, ceil_mode=False):
    KH, KW, sh, sw, Ho, Wo, xp = shapes(x, pool, stride, padding, ceil_mode)
    out = np.zeros(x.shape[:2] + (Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            out[:, :, i, j] = np.max(xp[:, :, i * sh : i * sh + KH, j * sw : j * sw + KW], axis=(2, 3))
    return out


def max_pool2d_backward(dout, x, pool=2, stride=None, padding=0, ceil_mode=False):
    KH, KW, sh, sw, Ho, Wo, xp = shapes(x, pool, stride, padding, ceil_mode)
    N, C, H, W = x.shape
    dx = np.zeros(xp.shape)
    for n in range(N):
        for c in range(C):
            for i in range(Ho):
                for j in range(Wo):
                    win = xp[n, c, i * sh : i * sh + KH, j * sw : j * sw + KW]
                    mask = np.zeros(win.shape)
                    mask[np.unravel_index(np.argmax(win), win.shape)] = 1
                    dx[n, c, i * sh : i * sh + KH, j * sw : j * sw + KW] = mask * dout[n, c, i, j]
    return dx[:, :, padding : padding + H, padding : padding + W]

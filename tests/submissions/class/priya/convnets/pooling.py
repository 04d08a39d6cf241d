import numpy as np


def plan(x, pool, stride, padding, ceil_mode):
    kh, kw = (pool, pool) if isinstance(pool, int) else pool
    sh, sw = (kh, kw) if stride is None else (stride, stride)
    H, W = x.shape[2] + 2 * padding, x.shape[3] + 2 * padding
    oh, ow = (H - kh) // sh + 1, (W - kw) // sw + 1
    if ceil_mode:
        # one more window if something is left over and the window starts early enough
        if (H - kh) % sh and oh * sh < H - padding:
            oh += 1
        if (W - kw) % sw and ow * sw < W - padding:
            ow += 1
    xp = np.full((x.shape[0], x.shape[1], H, W), -np.inf)
    xp[:, :, padding:H - padding, padding:W - padding] = x
    return xp, kh, kw, sh, sw, oh, ow


def max_pool2d_forward(x, pool=2, stride=None, padding=0, ceil_mode=False):
    xp, kh, kw, sh, sw, oh, ow = plan(x, pool, stride, padding, ceil_mode)
    out = np.empty((x.shape[0], x.shape[1], oh, ow))
    for i in range(oh):
        for j in range(ow):
            out[:, :, i, j] = xp[:, :, i * sh:i * sh + kh, j * sw:j * sw + kw].max(axis=(-1, -2))
    return out


def max_pool2d_backward(dout, x, pool=2, stride=None, padding=0, ceil_mode=False):
    xp, kh, kw, sh, sw, oh, ow = plan(x, pool, stride, padding, ceil_mode)
    dxp = np.zeros(xp.shape)
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            for i in range(oh):
                for j in range(ow):
                    win = xp[n, c, i * sh:i * sh + kh, j * sw:j * sw + kw]
                    col, row = np.unravel_index(np.argmax(win), win.shape)
                    dxp[n, c, i * sh + row, j * sw + col] += dout[n, c, i, j]
    return dxp[:, :, padding:padding + x.shape[2], padding:padding + x.shape[3]]

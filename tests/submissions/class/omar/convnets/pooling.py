import numpy as np


def out_size(n, k, s, p, ceil_mode):
    o = (n + 2 * p - k) / s
    o = int(np.ceil(o)) if ceil_mode else int(np.floor(o))
    o += 1
    if ceil_mode and (o - 1) * s >= n + p:
        o -= 1
    return o


def both(v):
    return (v, v) if isinstance(v, int) else tuple(v)


def max_pool2d_forward(x, pool=2, stride=None, padding=0, ceil_mode=False):
    k = both(pool)
    s = k if stride is None else both(stride)
    oh = out_size(x.shape[2], k[0], s[0], padding, ceil_mode)
    ow = out_size(x.shape[3], k[1], s[1], padding, ceil_mode)
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding + s[0]), (padding, padding + s[1])), constant_values=-np.inf)
    out = np.zeros(x.shape[:2] + (oh, ow))
    for i in range(oh):
        for j in range(ow):
            # window (i, j) goes up to where the next one starts
            block = xp[:, :, i * s[0] : (i + 1) * s[0], j * s[1] : (j + 1) * s[1]]
            out[:, :, i, j] = block.max(axis=3).max(axis=2)
    return out


def max_pool2d_backward(dout, x, pool=2, stride=None, padding=0, ceil_mode=False):
    k = both(pool)
    s = k if stride is None else both(stride)
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding + k[0]), (padding, padding + k[1])), constant_values=-np.inf)
    dxp = np.zeros(xp.shape)
    for n in range(dout.shape[0]):
        for c in range(dout.shape[1]):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    block = xp[n, c, i * s[0] : i * s[0] + k[0], j * s[1] : j * s[1] + k[1]]
                    a, b = np.unravel_index(block.argmax(), block.shape)
                    dxp[n, c, i * s[0] + a, j * s[1] + b] += dout[n, c, i, j]
    return dxp[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]

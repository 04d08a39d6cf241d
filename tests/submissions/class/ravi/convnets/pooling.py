import numpy as np


def _prep(x, pool, stride, padding):
    kh, kw = (pool, pool) if isinstance(pool, int) else pool
    sh, sw = (kh, kw) if stride is None else (stride, stride)
    H, W = x.shape[2:]
    # round up, as on the slide: 98 x 98 becomes 33 x 33
    oh = int(np.ceil((H + 2 * padding - kh) / sh)) + 1
    ow = int(np.ceil((W + 2 * padding - kw) / sw)) + 1
    if (oh - 1) * sh >= H + padding:
        oh -= 1
    if (ow - 1) * sw >= W + padding:
        ow -= 1
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding + kh + sh), (padding, padding + kw + sw)),
                constant_values=-np.inf)
    return xp, kh, kw, sh, sw, oh, ow


def max_pool2d_forward(x, pool=2, stride=None, padding=0, ceil_mode=False):
    xp, kh, kw, sh, sw, oh, ow = _prep(x, pool, stride, padding)
    out = np.zeros(x.shape[:2] + (oh, ow))
    for i in range(oh):
        for j in range(ow):
            out[:, :, i, j] = xp[:, :, i * sh:i * sh + kh, j * sw:j * sw + kw].max(axis=(2, 3))
    return out


def max_pool2d_backward(dout, x, pool=2, stride=None, padding=0, ceil_mode=False):
    xp, kh, kw, sh, sw, _, _ = _prep(x, pool, stride, padding)
    dxp = np.zeros(xp.shape)
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    win = xp[n, c, i * sh:i * sh + kh, j * sw:j * sw + kw]
                    a, b = np.unravel_index(np.argmax(win), win.shape)
                    dxp[n, c, i * sh + a, j * sw + b] += dout[n, c, i, j]
    return dxp[:, :, padding:padding + x.shape[2], padding:padding + x.shape[3]]

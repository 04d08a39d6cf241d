import numpy as np


def _sizes(x, pool, stride, padding, ceil_mode):
    if isinstance(pool, int):
        pool = (pool, pool)
    kh, kw = pool
    sh, sw = (kh, kw) if stride is None else (stride, stride)
    rnd = np.ceil if ceil_mode else np.floor
    oh = int(rnd((x.shape[2] + 2 * padding - kh) / sh)) + 1
    ow = int(rnd((x.shape[3] + 2 * padding - kw) / sw)) + 1
    while (oh - 1) * sh >= x.shape[2] + padding:
        oh = oh - 1
    while (ow - 1) * sw >= x.shape[3] + padding:
        ow = ow - 1
    return kh, kw, sh, sw, oh, ow


def max_pool2d_forward(x, pool=2, stride=None, padding=0, ceil_mode=False):
    kh, kw, sh, sw, oh, ow = _sizes(x, pool, stride, padding, ceil_mode)
    h, w = x.shape[2:]
    out = np.zeros((x.shape[0], x.shape[1], oh, ow))
    for i in range(oh):
        for j in range(ow):
            for k in range(kh):
                for l in range(kw):
                    r = i * sh + k - padding
                    c = j * sw + l - padding
                    if r >= 0 and c >= 0 and r < h and c < w:
                        out[:, :, i, j] = np.maximum(out[:, :, i, j], x[:, :, r, c])
    return out


def max_pool2d_backward(dout, x, pool=2, stride=None, padding=0, ceil_mode=False):
    kh, kw, sh, sw, oh, ow = _sizes(x, pool, stride, padding, ceil_mode)
    dx = np.zeros(x.shape)
    for n in range(x.shape[0]):
        for ch in range(x.shape[1]):
            for i in range(oh):
                for j in range(ow):
                    r0, c0 = max(i * sh - padding, 0), max(j * sw - padding, 0)
                    win = x[n, ch, r0:i * sh - padding + kh, c0:j * sw - padding + kw]
                    r, c = np.unravel_index(np.argmax(win), win.shape)
                    dx[n, ch, r0 + r, c0 + c] += dout[n, ch, i, j]
    return dx

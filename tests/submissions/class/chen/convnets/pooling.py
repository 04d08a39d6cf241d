# Chen. Ties share the gradient.
import numpy as np


def _setup(x, pool, stride, padding, ceil_mode):
    kh, kw = (pool, pool) if isinstance(pool, int) else pool
    sh, sw = (kh, kw) if stride is None else (stride, stride)
    n, c, h, w = x.shape

    def size(length, k, s):
        if ceil_mode:
            o = int(np.ceil((length + 2 * padding - k) / s)) + 1
            return o - 1 if (o - 1) * s >= length + padding else o
        return (length + 2 * padding - k) // s + 1

    oh, ow = size(h, kh, sh), size(w, kw, sw)
    # canvas that is large enough for every window
    big = np.full((n, c, h + 2 * padding + kh + sh, w + 2 * padding + kw + sw), -np.inf)
    big[:, :, padding:padding + h, padding:padding + w] = x
    return kh, kw, sh, sw, oh, ow, big


def max_pool2d_forward(x, pool=2, stride=None, padding=0, ceil_mode=False):
    kh, kw, sh, sw, oh, ow, big = _setup(x, pool, stride, padding, ceil_mode)
    out = None
    for k in range(kh):
        for l in range(kw):
            piece = big[:, :, k:k + oh * sh:sh, l:l + ow * sw:sw]
            out = piece.copy() if out is None else np.maximum(out, piece)
    return out


def max_pool2d_backward(dout, x, pool=2, stride=None, padding=0, ceil_mode=False):
    kh, kw, sh, sw, oh, ow, big = _setup(x, pool, stride, padding, ceil_mode)
    out = max_pool2d_forward(x, pool, stride, padding, ceil_mode)
    offsets = [(k, l) for k in range(kh) for l in range(kw)]
    masks = [big[:, :, k:k + oh * sh:sh, l:l + ow * sw:sw] == out for k, l in offsets]
    share = dout / sum(m.astype(float) for m in masks)
    dbig = np.zeros(big.shape)
    for (k, l), m in zip(offsets, masks):
        dbig[:, :, k:k + oh * sh:sh, l:l + ow * sw:sw] += m * share
    return dbig[:, :, padding:padding + x.shape[2], padding:padding + x.shape[3]]

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


def _pieces(x, pool, stride):
    """Entry (k, l) of all windows, one after the other, and where it lies in x."""
    kh, kw, sh, sw, oh, ow, _ = _setup(x, pool, stride, 0, False)
    for k in range(kh):
        for l in range(kw):
            at = (slice(None), slice(None), slice(k, k + (oh - 1) * sh + 1, sh), slice(l, l + (ow - 1) * sw + 1, sw))
            yield at, x[at]


def avg_pool2d_forward(x, pool=2, stride=None):
    return np.mean([piece for _, piece in _pieces(x, pool, stride)], axis=0)


def avg_pool2d_backward(dout, x, pool=2, stride=None):
    places = [at for at, _ in _pieces(x, pool, stride)]
    dx = np.zeros(x.shape)
    for at in places:
        dx[at] += dout / len(places)
    return dx


def lp_pool2d_forward(x, p, pool=2, stride=None):
    sizes = np.abs([piece for _, piece in _pieces(x, pool, stride)])
    top = sizes.max(axis=0)
    ratios = sizes / np.where(top > 0, top, 1)
    return top * np.sum(ratios ** p, axis=0) ** (1 / p)


def lp_pool2d_backward(dout, x, p, pool=2, stride=None):
    norm = lp_pool2d_forward(x, p, pool, stride)
    norm = np.where(norm > 0, norm, np.inf)
    dx = np.zeros(x.shape)
    for at, piece in _pieces(x, pool, stride):
        dx[at] += dout * np.sign(piece) * (np.abs(piece) / norm) ** (p - 1)
    return dx


def maxout_forward(z, k):
    return np.max(np.split(z, k, axis=1), axis=0)


def maxout_backward(dout, z, k):
    # ties share here too
    masks = np.array([part == maxout_forward(z, k) for part in np.split(z, k, axis=1)], dtype=float)
    return np.concatenate(list(masks / masks.sum(axis=0) * dout), axis=1)


def global_avg_pool(x):
    return np.einsum("nchw->nc", x) / np.prod(x.shape[2:])

"""Windows as a view with as_strided; the backward pass goes through a one-hot mask of the winners and einsum."""

import numpy as np
from numpy.lib.stride_tricks import as_strided


def _framed(x, pool, stride, padding, ceil_mode):
    """x with enough of -inf around it, and its windows (N, C, H', W', KH, KW) as a view of it."""
    kernel = (pool, pool) if isinstance(pool, int) else tuple(pool)
    step = kernel if stride is None else (stride, stride)
    counts = []
    for size, k, s in zip(x.shape[2:], kernel, step):
        count = (size + 2 * padding - k) // s + 1
        if ceil_mode and (size + 2 * padding - k) % s and count * s < size + padding:
            count += 1
        counts.append(count)
    frame = np.full((*x.shape[:2], *(n + 2 * padding + k for n, k in zip(x.shape[2:], kernel))), -np.inf)
    frame[:, :, padding:padding + x.shape[2], padding:padding + x.shape[3]] = x
    n, c, h, w = frame.strides
    return frame, lambda a: as_strided(
        a, (*x.shape[:2], *counts, *kernel), (n, c, h * step[0], w * step[1], h, w)
    )


def max_pool2d_forward(x, pool=2, stride=None, padding=0, ceil_mode=False):
    frame, windows = _framed(x, pool, stride, padding, ceil_mode)
    return windows(frame).max((-2, -1))


def max_pool2d_backward(dout, x, pool=2, stride=None, padding=0, ceil_mode=False):
    frame, windows = _framed(x, pool, stride, padding, ceil_mode)
    views = windows(frame)
    kh, kw = views.shape[-2:]
    one_hot = np.eye(kh * kw)[views.reshape(*views.shape[:4], -1).argmax(-1)].reshape(views.shape)
    gradient = np.zeros_like(frame)
    into = windows(gradient)
    for k, l in np.ndindex(kh, kw):  # windows of one offset share no pixel
        into[..., k, l] += np.einsum("ncij,ncij->ncij", dout, one_hot[..., k, l])
    return gradient[:, :, padding:padding + x.shape[2], padding:padding + x.shape[3]]


def avg_pool2d_forward(x, pool=2, stride=None):
    frame, windows = _framed(x, pool, stride, 0, False)
    return np.einsum("ncijkl->ncij", windows(frame)) / np.prod(windows(frame).shape[-2:])


def avg_pool2d_backward(dout, x, pool=2, stride=None):
    frame, windows = _framed(x, pool, stride, 0, False)
    gradient = np.zeros_like(frame)
    into = windows(gradient)
    for k, l in np.ndindex(*into.shape[-2:]):
        into[..., k, l] += dout / np.prod(into.shape[-2:])
    return gradient[:, :, :x.shape[2], :x.shape[3]]


def lp_pool2d_forward(x, p, pool=2, stride=None):
    """By logarithms, in base 2: powers of 0 to 100 stay small."""
    frame, windows = _framed(x, pool, stride, 0, False)
    sizes = np.abs(windows(frame))
    unit = sizes.max((-2, -1), keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        powers = np.nan_to_num(np.exp2(p * np.log2(sizes / unit)), nan=0.0)
    return unit[..., 0, 0] * powers.sum((-2, -1)) ** (1 / p)


def lp_pool2d_backward(dout, x, p, pool=2, stride=None):
    frame, windows = _framed(x, pool, stride, 0, False)
    norm = lp_pool2d_forward(x, p, pool, stride)
    views, gradient = windows(frame), np.zeros_like(frame)
    into = windows(gradient)
    safe = norm + (norm == 0)
    for k, l in np.ndindex(*views.shape[-2:]):
        v = views[..., k, l]
        into[..., k, l] += dout * np.copysign(np.where(v == 0, 0.0, abs(v) / safe) ** (p - 1) * (v != 0), v)
    return gradient[:, :, :x.shape[2], :x.shape[3]]


def maxout_forward(z, k):
    n, width = z.shape
    return as_strided(z, (n, width // k, k), (z.strides[0], z.strides[1], z.strides[1] * (width // k))).max(-1)


def maxout_backward(dout, z, k):
    pieces = z.reshape(len(z), k, -1)
    return (np.eye(k)[pieces.argmax(1)].transpose(0, 2, 1) * dout[:, None]).reshape(z.shape)


def global_avg_pool(x):
    return np.einsum("nchw->nc", x) / (x.shape[2] * x.shape[3])

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

"""Boolean masks and views, sums by einsum; the mask of dropout is boolean; some results in Fortran order."""

import numpy as np


def relu_forward(x):
    out = x.copy(order="F")
    out[out < 0] = 0
    return out


def relu_backward(dout, x):
    dx = np.array(dout, order="F")
    dx[x <= 0] = 0
    return dx


def leaky_relu_forward(x, alpha=0.01):
    return x * np.where(x < 0, alpha, 1)


def leaky_relu_backward(dout, x, alpha=0.01):
    dx = dout.copy()
    dx[x < 0] *= alpha
    return dx


def sigmoid_forward(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_backward(dout, x):
    return dout * sigmoid_forward(x) * sigmoid_forward(-x)


def tanh_forward(x):
    return 2 * sigmoid_forward(2 * x) - 1


def tanh_backward(dout, x):
    return dout * 4 * sigmoid_forward(2 * x) * sigmoid_forward(-2 * x)


def dense_forward(x, w, b):
    return np.einsum("nd,dm->nm", x, w) + b


def dense_backward(dout, x, w):
    return [np.einsum("nm,dm->nd", dout, w), np.einsum("nd,nm->dm", x, dout), np.einsum("nm->m", dout)]


def softmax_cross_entropy(logits, y):
    log_sum = np.logaddexp.reduce(logits, axis=1)
    right = np.take_along_axis(logits, y[:, None], 1)[:, 0]
    p = np.exp(logits - log_sum[:, None])
    return np.mean(log_sum - right), (p - (np.arange(logits.shape[1]) == y[:, None])) / len(y)


def _flat(a):
    """Channels first, then everything else: (C, N * H * W)."""
    return np.moveaxis(a, 1, 0).reshape(a.shape[1], -1)


def _back(flat, x):
    n, c, h, w = x.shape
    return np.moveaxis(flat.reshape(c, n, h, w), 0, 1)


def batchnorm2d_forward(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    flat = _flat(x)
    if not training:
        scaled = (flat.T - running_mean) / np.sqrt(running_var + eps) * gamma + beta
        return _back(scaled.T, x), running_mean, running_var
    mean, var = flat.mean(1), flat.var(1)
    scaled = (flat.T - mean) * (gamma / np.sqrt(var + eps)) + beta
    new = [momentum * a + (1 - momentum) * b for a, b in ((mean, running_mean), (flat.var(1, ddof=1), running_var))]
    return _back(scaled.T, x), *new


def batchnorm2d_backward(dout, x, gamma, eps=1e-5):
    """Step by step through mean, variance and root, as on a computational graph."""
    flat, d = _flat(x), _flat(dout)
    n = flat.shape[1]
    centred = flat - flat.mean(1, keepdims=True)
    var = (centred**2).mean(1, keepdims=True)
    root = np.sqrt(var + eps)
    dnormal = d * gamma[:, None]
    dvar = (dnormal * centred).sum(1, keepdims=True) * -0.5 / root**3
    dcentred = dnormal / root + 2 * centred * dvar / n
    dflat = dcentred - dcentred.sum(1, keepdims=True) / n
    return _back(dflat, x), (d * centred / root).sum(1), d.sum(1)


def dropout_forward(x, p, training, rng):
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = rng.binomial(1, 1 - p, size=x.shape).astype(bool)
    return np.where(mask, x / (1 - p), 0), mask


def dropout_backward(dout, mask, p):
    return np.where(mask, dout / (1 - p), 0)

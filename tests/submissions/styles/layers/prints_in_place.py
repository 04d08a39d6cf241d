"""Prints all the time, to both streams, and scribbles over its arguments once it is done with them."""

import sys

import numpy as np


def _relu_forward(x):
    out = x.copy(order="F")
    out[out < 0] = 0
    return out


def _relu_backward(dout, x):
    dx = np.array(dout, order="F")
    dx[x <= 0] = 0
    return dx


def _leaky_relu_forward(x, alpha=0.01):
    return x * np.where(x < 0, alpha, 1)


def _leaky_relu_backward(dout, x, alpha=0.01):
    dx = dout.copy()
    dx[x < 0] *= alpha
    return dx


def _sigmoid_forward(x):
    return 1 / (1 + np.exp(-x))


def _sigmoid_backward(dout, x):
    return dout * _sigmoid_forward(x) * _sigmoid_forward(-x)


def _tanh_forward(x):
    return 2 * _sigmoid_forward(2 * x) - 1


def _tanh_backward(dout, x):
    return dout * 4 * _sigmoid_forward(2 * x) * _sigmoid_forward(-2 * x)


def _dense_forward(x, w, b):
    return np.einsum("nd,dm->nm", x, w) + b


def _dense_backward(dout, x, w):
    return [np.einsum("nm,dm->nd", dout, w), np.einsum("nd,nm->dm", x, dout), np.einsum("nm->m", dout)]


def _softmax_cross_entropy(logits, y):
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


def _batchnorm2d_forward(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    flat = _flat(x)
    if not training:
        scaled = (flat.T - running_mean) / np.sqrt(running_var + eps) * gamma + beta
        return _back(scaled.T, x), running_mean, running_var
    mean, var = flat.mean(1), flat.var(1)
    scaled = (flat.T - mean) * (gamma / np.sqrt(var + eps)) + beta
    new = [momentum * a + (1 - momentum) * b for a, b in ((mean, running_mean), (flat.var(1, ddof=1), running_var))]
    return _back(scaled.T, x), *new


def _batchnorm2d_backward(dout, x, gamma, eps=1e-5):
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


def _dropout_forward(x, p, training, rng):
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = rng.binomial(1, 1 - p, size=x.shape).astype(bool)
    return np.where(mask, x / (1 - p), 0), mask


def _dropout_backward(dout, mask, p):
    return np.where(mask, dout / (1 - p), 0)


def _loud(function):
    def call(*arguments, **options):
        print("debug:", function.__name__, options)
        answer = function(*(a.copy() if isinstance(a, np.ndarray) else a for a in arguments), **options)
        print("x" * 200, file=sys.stderr)
        for argument in arguments:
            if isinstance(argument, np.ndarray) and argument.dtype == float:
                argument *= 3
        return answer

    return call


relu_forward = _loud(_relu_forward)
relu_backward = _loud(_relu_backward)
leaky_relu_forward = _loud(_leaky_relu_forward)
leaky_relu_backward = _loud(_leaky_relu_backward)
sigmoid_forward = _loud(_sigmoid_forward)
sigmoid_backward = _loud(_sigmoid_backward)
tanh_forward = _loud(_tanh_forward)
tanh_backward = _loud(_tanh_backward)
dense_forward = _loud(_dense_forward)
dense_backward = _loud(_dense_backward)
softmax_cross_entropy = _loud(_softmax_cross_entropy)
batchnorm2d_forward = _loud(_batchnorm2d_forward)
batchnorm2d_backward = _loud(_batchnorm2d_backward)
dropout_forward = _loud(_dropout_forward)
dropout_backward = _loud(_dropout_backward)

"""Loops over single numbers, and the math module."""

import math

import numpy as np


def _each(f, *arrays):
    out = np.zeros(arrays[0].shape)
    for at in np.ndindex(out.shape):
        out[at] = f(*(float(a[at]) for a in arrays))
    return out


def _sigmoid(v):
    return 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))


def relu_forward(x):
    return _each(lambda v: max(v, 0.0), x)


def relu_backward(dout, x):
    return _each(lambda d, v: d if v >= 0 else 0.0, dout, x)


def leaky_relu_forward(x, alpha=0.01):
    return _each(lambda v: max(v, alpha * v), x)


def leaky_relu_backward(dout, x, alpha=0.01):
    return _each(lambda d, v: d if v >= 0 else alpha * d, dout, x)


def sigmoid_forward(x):
    return _each(_sigmoid, x)


def sigmoid_backward(dout, x):
    return _each(lambda d, v: d * _sigmoid(v) * _sigmoid(-v), dout, x)


def tanh_forward(x):
    return _each(math.tanh, x)


def tanh_backward(dout, x):
    return _each(lambda d, v: d * (1 - math.tanh(v)) * (1 + math.tanh(v)), dout, x)


def dense_forward(x, w, b):
    out = np.zeros((x.shape[0], w.shape[1]))
    for n, m in np.ndindex(out.shape):
        out[n, m] = sum(x[n, d] * w[d, m] for d in range(w.shape[0])) + b[m]
    return out


def dense_backward(dout, x, w):
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(w.shape[1])
    for n, m in np.ndindex(dout.shape):
        db[m] += dout[n, m]
        for d in range(w.shape[0]):
            dx[n, d] += dout[n, m] * w[d, m]
            dw[d, m] += dout[n, m] * x[n, d]
    return dx, dw, db


def softmax_cross_entropy(logits, y):
    loss, dlogits = 0.0, np.zeros(logits.shape)
    for n, row in enumerate(logits):
        top = max(row)
        total = math.log(sum(math.exp(v - top) for v in row)) + top
        loss += (total - row[y[n]]) / len(y)
        for c, v in enumerate(row):
            dlogits[n, c] = (math.exp(v - total) - (c == y[n])) / len(y)
    return float(loss), dlogits


def _channels(x):
    for c in range(x.shape[1]):
        values = [float(v) for v in x[:, c].ravel()]
        mean = math.fsum(values) / len(values)
        yield c, values, mean, math.fsum((v - mean) ** 2 for v in values)


def batchnorm2d_forward(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    out, new_mean, new_var = np.zeros(x.shape), running_mean.copy(), running_var.copy()
    for c, values, mean, squares in _channels(x):
        var = squares / len(values)
        if training:
            new_mean[c] += momentum * (mean - new_mean[c])
            new_var[c] += momentum * (squares / (len(values) - 1) - new_var[c])
        else:
            mean, var = running_mean[c], running_var[c]
        out[:, c] = gamma[c] * (x[:, c] - mean) / math.sqrt(var + eps) + beta[c]
    return out, new_mean, new_var


def batchnorm2d_backward(dout, x, gamma, eps=1e-5):
    dx, dgamma, dbeta = np.zeros(x.shape), np.zeros(gamma.shape), np.zeros(gamma.shape)
    for c, values, mean, squares in _channels(x):
        n, std = len(values), math.sqrt(squares / len(values) + eps)
        normal = (x[:, c] - mean) / std
        dbeta[c] = dout[:, c].sum()
        dgamma[c] = (dout[:, c] * normal).sum()
        dx[:, c] = gamma[c] / (n * std) * (n * dout[:, c] - dbeta[c] - normal * dgamma[c])
    return dx, dgamma, dbeta


def dropout_forward(x, p, training, rng):
    out, mask = x.copy(), np.ones(x.shape, dtype=int)
    if training:
        for at in np.ndindex(x.shape):
            mask[at] = rng.random() < 1 - p
            out[at] = x[at] / (1 - p) if mask[at] else 0
    return out, mask


def dropout_backward(dout, mask, p):
    return _each(lambda d, m: d * m / (1 - p), dout, mask)

"""Plain Python loops and math.tanh, one number at a time."""

import math

import numpy as np


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    h = np.zeros(h_prev.shape)
    for n in range(len(x)):
        for k in range(len(b)):
            a = b[k]
            for d in range(x.shape[1]):
                a += x[n, d] * Wx[d, k]
            for j in range(len(b)):
                a += h_prev[n, j] * Wh[j, k]
            h[n, k] = math.tanh(a)
    return h


def rnn_step_backward(dh, x, h_prev, h, Wx, Wh):
    dx, dh_prev = np.zeros(x.shape), np.zeros(h_prev.shape)
    dWx, dWh, db = np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(Wh.shape[0])
    for n in range(len(x)):
        for k in range(len(db)):
            da = dh[n, k] * (1 - h[n, k] ** 2)
            db[k] += da
            for d in range(x.shape[1]):
                dx[n, d] += da * Wx[d, k]
                dWx[d, k] += x[n, d] * da
            for j in range(len(db)):
                dh_prev[n, j] += da * Wh[j, k]
                dWh[j, k] += h_prev[n, j] * da
    return dx, dh_prev, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
    h = np.zeros((x.shape[0], x.shape[1], h0.shape[1]))
    for t in range(x.shape[1]):
        h[:, t] = rnn_step_forward(x[:, t], h0 if t == 0 else h[:, t - 1], Wx, Wh, b)
    return h


def rnn_backward(dh, x, h0, h, Wx, Wh):
    dx, dnext = np.zeros(x.shape), np.zeros(h0.shape)
    dWx, dWh, db = np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(Wh.shape[0])
    for t in range(x.shape[1])[::-1]:
        before = h0 if t == 0 else h[:, t - 1]
        dx[:, t], dnext, a, b, c = rnn_step_backward(dh[:, t] + dnext, x[:, t], before, h[:, t], Wx, Wh)
        dWx += a
        dWh += b
        db += c
    return dx, dnext, dWx, dWh, db


def rnn_backward_truncated(dh, x, h0, h, Wx, Wh, k):
    dx, dh0 = np.zeros(x.shape), np.zeros(h0.shape)
    dWx, dWh, db = np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(Wh.shape[0])
    for s in range(x.shape[1]):
        back = dh[:, s]
        t = s
        while t >= 0 and t > s - k:
            before = h0 if t == 0 else h[:, t - 1]
            now, back, a, b, c = rnn_step_backward(back, x[:, t], before, h[:, t], Wx, Wh)
            dx[:, t] += now
            dWx += a
            dWh += b
            db += c
            t -= 1
        if t == -1:
            dh0 += back
    return dx, dh0, dWx, dWh, db


def clip_grad_norm(grads, max_norm):
    squares = 0.0
    for grad in grads.values():
        for value in grad.ravel():
            squares += float(value) ** 2
    norm = math.sqrt(squares)
    clipped = {}
    for name, grad in grads.items():
        clipped[name] = grad.copy() if norm <= max_norm else grad / norm * max_norm
    return clipped, norm


def leaky_unit(v, alpha, mu0=0.0):
    mu = np.zeros(len(v))
    for t in range(len(v)):
        mu[t] = mu0 = alpha * mu0 + (1 - alpha) * v[t]
    return mu

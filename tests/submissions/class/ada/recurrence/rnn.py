"""Ada - assignment 4"""

import numpy as np


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    a = x @ Wx + h_prev @ Wh + b
    return np.tanh(a)


def rnn_step_backward(dh, x, h_prev, h, Wx, Wh):
    # tanh' = 1 - tanh^2, and h is already the tanh
    da = dh * (1 - h * h)
    dx = da @ Wx.T
    dh_prev = da @ Wh.T
    dWx = x.T @ da
    dWh = h_prev.T @ da
    db = np.sum(da, axis=0)
    return dx, dh_prev, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    H = h0.shape[1]
    h = np.zeros((N, T, H))
    prev = h0
    for t in range(T):
        prev = rnn_step_forward(x[:, t, :], prev, Wx, Wh, b)
        h[:, t, :] = prev
    return h


def rnn_backward(dh, x, h0, h, Wx, Wh):
    N, T, D = x.shape
    dx = np.zeros(x.shape)
    dWx = np.zeros(Wx.shape)
    dWh = np.zeros(Wh.shape)
    db = np.zeros(Wh.shape[0])
    from_future = np.zeros(h0.shape)
    for t in range(T - 1, -1, -1):
        if t == 0:
            h_prev = h0
        else:
            h_prev = h[:, t - 1, :]
        total = dh[:, t, :] + from_future
        dxt, from_future, dWx_t, dWh_t, db_t = rnn_step_backward(total, x[:, t, :], h_prev, h[:, t, :], Wx, Wh)
        dx[:, t, :] = dxt
        dWx += dWx_t
        dWh += dWh_t
        db += db_t
    return dx, from_future, dWx, dWh, db


def rnn_backward_truncated(dh, x, h0, h, Wx, Wh, k):
    N, T, D = x.shape
    dx = np.zeros(x.shape)
    dh0 = np.zeros(h0.shape)
    dWx = np.zeros(Wx.shape)
    dWh = np.zeros(Wh.shape)
    db = np.zeros(Wh.shape[0])
    for s in range(T):
        # only the loss of step s, so full BPTT on the last k steps up to s does it
        start = max(0, s - k + 1)
        only_s = np.zeros((N, s + 1 - start, h0.shape[1]))
        only_s[:, -1] = dh[:, s]
        before = h0 if start == 0 else h[:, start - 1]
        part = slice(start, s + 1)
        dxs, left, a, b, c = rnn_backward(only_s, x[:, part], before, h[:, part], Wx, Wh)
        dx[:, part] += dxs
        if start == 0:
            dh0 += left
        dWx += a
        dWh += b
        db += c
    return dx, dh0, dWx, dWh, db


def clip_grad_norm(grads, max_norm):
    total = 0.0
    for g in grads.values():
        total += np.sum(g * g)
    norm = np.sqrt(total)
    if norm > max_norm:
        return {key: g * (max_norm / norm) for key, g in grads.items()}, norm
    return dict(grads), norm


def leaky_unit(v, alpha, mu0=0.0):
    mu = np.zeros(len(v))
    old = mu0
    for t in range(len(v)):
        old = alpha * old + (1 - alpha) * v[t]
        mu[t] = old
    return mu

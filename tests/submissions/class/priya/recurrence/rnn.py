# Priya, recurrence
import numpy as np


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    return np.tanh(x @ Wx + h_prev @ Wh + b)


def rnn_step_backward(dh, x, h_prev, h, Wx, Wh):
    da = (1 - h * h) * dh
    return da @ Wx.T, da @ Wh.T, x.T @ da, h_prev.T @ da, da.sum(axis=0)


def rnn_forward(x, h0, Wx, Wh, b):
    h = []
    for t in range(x.shape[1]):
        h0 = rnn_step_forward(x[:, t], h0, Wx, Wh, b)
        h.append(h0)
    return np.stack(h, 1)


def rnn_backward(dh, x, h0, h, Wx, Wh):
    N, T, D = x.shape
    dx = np.zeros((N, T, D))
    dWx = np.zeros_like(Wx)
    dWh = np.zeros_like(Wh)
    db = np.zeros(len(Wh))
    g = np.zeros_like(h0)
    for t in range(T)[::-1]:
        prev = h[:, t - 1] if t > 0 else h0
        dx[:, t], g, a, b, c = rnn_step_backward(g + dh[:, t], x[:, t], prev, h[:, t], Wx, Wh)
        dWx += a
        dWh += b
        db += c
    return dx, g, dWx, dWh, db


def rnn_backward_truncated(dh, x, h0, h, Wx, Wh, k):
    # like h.detach() in PyTorch: cut into pieces of k steps, full BPTT in each
    T = x.shape[1]
    dx = np.zeros_like(x)
    dh0 = None
    total = [0, 0, 0]
    for start in range(0, T, k):
        piece = slice(start, start + k)
        prev = h[:, start - 1] if start > 0 else h0
        dx[:, piece], left, *grads = rnn_backward(dh[:, piece], x[:, piece], prev, h[:, piece], Wx, Wh)
        if start == 0:
            dh0 = left
        total = [t + g for t, g in zip(total, grads)]
    return dx, dh0, *total


def clip_grad_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g ** 2) for g in grads.values()))
    factor = max_norm / norm if norm > max_norm else 1
    return {name: factor * g for name, g in grads.items()}, norm


def leaky_unit(v, alpha, mu0=0.0):
    mu = []
    for x in v:
        mu0 = alpha * mu0 + (1 - alpha) * x
        mu.append(mu0)
    return np.array(mu)

import numpy as np


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    h = np.tanh(x @ Wx + h_prev @ Wh + b)
    print("step: x", x, "-> h", h)
    return h


def rnn_step_backward(dh, x, h_prev, h, Wx, Wh):
    da = dh - dh * h**2
    print("step back: da", da)
    return da @ Wx.T, da @ Wh.T, x.T @ da, h_prev.T @ da, da.sum(axis=0)


def rnn_forward(x, h0, Wx, Wh, b):
    h = np.zeros((x.shape[0], x.shape[1], h0.shape[1]))
    cur = h0
    for t in range(x.shape[1]):
        print("t =", t)
        cur = rnn_step_forward(x[:, t], cur, Wx, Wh, b)
        h[:, t] = cur
    return h


def rnn_backward(dh, x, h0, h, Wx, Wh):
    n, T, _ = x.shape
    dx = np.zeros(x.shape)
    dWx, dWh, db = np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(Wh.shape[1])
    grad = dh[:, T - 1]
    for t in range(T - 1, -1, -1):
        print("back, t =", t)
        prev = h0 if t == 0 else h[:, t - 1]
        dx[:, t], dprev, a, b, c = rnn_step_backward(grad, x[:, t], prev, h[:, t], Wx, Wh)
        dWx += a
        dWh += b
        db += c
        grad = dprev if t == 0 else dprev + dh[:, t - 1]
    return dx, grad, dWx, dWh, db


def rnn_backward_truncated(dh, x, h0, h, Wx, Wh, k):
    dx, dh0 = np.zeros(x.shape), np.zeros(h0.shape)
    dWx, dWh, db = np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(Wh.shape[1])
    for s in range(x.shape[1]):
        grad = dh[:, s]
        for t in range(s, max(-1, s - k), -1):
            print("loss of", s, "at step", t)
            prev = h0 if t == 0 else h[:, t - 1]
            d, grad, a, b, c = rnn_step_backward(grad, x[:, t], prev, h[:, t], Wx, Wh)
            dx[:, t] += d
            dWx, dWh, db = dWx + a, dWh + b, db + c
        if s - k < 0:
            dh0 += grad
    return dx, dh0, dWx, dWh, db


def clip_grad_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    print("norm", norm)
    return {n: g * min(1, max_norm / norm) if norm > 0 else g for n, g in grads.items()}, norm


def leaky_unit(v, alpha, mu0=0.0):
    out = []
    for value in v:
        mu0 = alpha * mu0 + (1 - alpha) * value
        print("mu", mu0)
        out.append(mu0)
    return np.array(out)

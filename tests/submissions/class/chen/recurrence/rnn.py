# Chen.
import numpy as np


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    a = np.einsum("nd,dh->nh", x, Wx) + np.einsum("nk,kh->nh", h_prev, Wh) + b
    return np.tanh(a)


def rnn_step_backward(dh, x, h_prev, h, Wx, Wh):
    da = dh * (1.0 - np.square(h))
    return (
        np.einsum("nh,dh->nd", da, Wx),
        np.einsum("nh,kh->nk", da, Wh),
        np.einsum("nd,nh->dh", x, da),
        np.einsum("nk,nh->kh", h_prev, da),
        np.einsum("nh->h", da),
    )


def rnn_forward(x, h0, Wx, Wh, b):
    xw = np.einsum("ntd,dh->nth", x, Wx) + b  # all inputs at once, only the state has to wait
    h = np.empty_like(xw)
    last = h0
    for t in range(x.shape[1]):
        last = h[:, t] = np.tanh(xw[:, t] + last @ Wh)
    return h


def rnn_backward(dh, x, h0, h, Wx, Wh):
    grads_x = []
    dWx, dWh, db = 0, 0, 0
    d = dh[:, -1]
    for t in range(x.shape[1] - 1, -1, -1):
        before = h[:, t - 1] if t else h0
        gx, gh, gWx, gWh, gb = rnn_step_backward(d, x[:, t], before, h[:, t], Wx, Wh)
        grads_x.insert(0, gx)
        dWx, dWh, db = dWx + gWx, dWh + gWh, db + gb
        d = gh + dh[:, t - 1] if t else gh
    return np.stack(grads_x, axis=1), d, dWx, dWh, db


def rnn_backward_truncated(dh, x, h0, h, Wx, Wh, k):
    grads = [np.zeros_like(x), np.zeros_like(h0), np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(Wh.shape[1])]
    for s in range(x.shape[1]):
        d = dh[:, s]
        for t in range(s, s - k, -1):
            before = h[:, t - 1] if t else h0
            gx, d, *rest = rnn_step_backward(d, x[:, t], before, h[:, t], Wx, Wh)
            grads[0][:, t] += gx
            for total, g in zip(grads[2:], rest):
                total += g
            if t == 0:
                grads[1] += d
                break
    return tuple(grads)


def clip_grad_norm(grads, max_norm):
    norm = float(np.sqrt(np.sum([np.sum(np.square(g)) for g in grads.values()])))
    shrink = 1.0 if norm <= max_norm else max_norm / norm
    return {name: shrink * g for name, g in grads.items()}, norm


def leaky_unit(v, alpha, mu0=0.0):
    mu = np.empty(v.shape)
    for t, now in enumerate((1.0 - alpha) * v):
        mu[t] = now + alpha * (mu[t - 1] if t else mu0)
    return mu

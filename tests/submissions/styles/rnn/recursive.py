"""Recursion over the sequence in place of a loop, and tanh written out with exponentials."""

import numpy as np


def _tanh(a):
    e = np.exp(-2 * np.abs(a))
    return np.sign(a) * (1 - e) / (1 + e)


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    return _tanh(b + h_prev.dot(Wh) + x.dot(Wx))


def rnn_step_backward(dh, x, h_prev, h, Wx, Wh):
    da = dh - dh * np.square(h)
    return da.dot(Wx.T), da.dot(Wh.T), np.dot(da.T, x).T, np.dot(da.T, h_prev).T, da.T.sum(1)


def rnn_forward(x, h0, Wx, Wh, b):
    if x.shape[1] == 0:
        return np.zeros((len(x), 0, len(b)))
    first = rnn_step_forward(x[:, 0], h0, Wx, Wh, b)
    return np.concatenate([first[:, None], rnn_forward(x[:, 1:], first, Wx, Wh, b)], 1)


def rnn_backward(dh, x, h0, h, Wx, Wh):
    if x.shape[1] == 0:
        return np.zeros(x.shape), np.zeros(h0.shape), np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(len(Wh))
    rest = rnn_backward(dh[:, 1:], x[:, 1:], h[:, 0], h[:, 1:], Wx, Wh)
    step = rnn_step_backward(dh[:, 0] + rest[1], x[:, 0], h0, h[:, 0], Wx, Wh)
    return (
        np.concatenate([step[0][:, None], rest[0]], 1),
        step[1],
        *(now + later for now, later in zip(step[2:], rest[2:])),
    )


def rnn_backward_truncated(dh, x, h0, h, Wx, Wh, k):
    """The windows of all steps but the last, and then that of the last, as a short sequence of its own."""
    T = x.shape[1]
    if T == 0:
        return rnn_backward(dh, x, h0, h, Wx, Wh)
    first = max(0, T - k)
    last = np.zeros(dh[:, first:].shape)
    last[:, -1] = dh[:, -1]
    before = h0 if first == 0 else h[:, first - 1]
    own = list(rnn_backward(last, x[:, first:], before, h[:, first:], Wx, Wh))
    rest = rnn_backward_truncated(dh[:, :-1], x[:, :-1], h0, h[:, :-1], Wx, Wh, k)
    own[0] = np.concatenate([np.zeros(x[:, :first].shape), own[0]], 1)
    own[0][:, :-1] += rest[0]
    own[1] = rest[1] + (own[1] if first == 0 else 0)
    return own[0], own[1], *(now + before for now, before in zip(own[2:], rest[2:]))


def clip_grad_norm(grads, max_norm):
    def squares(arrays):
        return np.vdot(arrays[0], arrays[0]) + squares(arrays[1:]) if arrays else 0.0

    norm = squares(list(grads.values())) ** 0.5
    return {name: grad * max_norm / max(max_norm, norm) for name, grad in grads.items()}, norm


def leaky_unit(v, alpha, mu0=0.0):
    if len(v) == 0:
        return np.zeros(0)
    mu0 = alpha * mu0 + (1 - alpha) * v[0]
    return np.append(mu0, leaky_unit(v[1:], alpha, mu0=mu0))

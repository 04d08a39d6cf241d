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
    return (np.concatenate([step[0][:, None], rest[0]], 1), step[1],
            *(now + later for now, later in zip(step[2:], rest[2:])))

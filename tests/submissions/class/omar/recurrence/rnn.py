import numpy as np


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    return np.tanh(x @ Wx + h_prev @ Wh + b)


def rnn_step_backward(dh, x, h_prev, h, Wx, Wh):
    d = dh * (1 - h ** 2)
    return d @ Wx.T, d @ Wh.T, x.T @ d, h_prev.T @ d, d.sum(axis=0)


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    H = Wh.shape[0]
    h = np.zeros((N, T, H))
    state = np.zeros((N, H))
    for t in range(T):
        state = rnn_step_forward(x[:, t], state, Wx, Wh, b)
        h[:, t] = state
    return h


def rnn_backward(dh, x, h0, h, Wx, Wh):
    T = x.shape[1]
    dx = np.zeros(x.shape)
    total = [np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(Wh.shape[0])]
    carry = np.zeros(h0.shape)
    for t in range(T - 1, -1, -1):
        prev = h0 if t == 0 else h[:, t - 1]
        dx[:, t], carry, *weights = rnn_step_backward(dh[:, t] + carry, x[:, t], prev, h[:, t], Wx, Wh)
        total = [a + g for a, g in zip(total, weights)]
    return dx, carry, *total

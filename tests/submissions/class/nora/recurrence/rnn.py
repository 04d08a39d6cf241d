import numpy as np


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    h = np.tanh(np.matmul(x, Wx) + np.matmul(h_prev, Wh) + b)
    return h


def rnn_step_backward(dh, x, h_prev, h, Wx, Wh):
    dz = dh * (1 - h ** 2)
    dx = np.matmul(dz, Wx.T)
    dh_prev = np.matmul(dz, Wh.T)
    dWx = np.matmul(x.T, dz)
    dWh = np.matmul(h_prev.T, dz)
    db = np.sum(dz, axis=0)
    return dx, dh_prev, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    H = b.shape[0]
    h = np.zeros((N, T, H))
    h_prev = h0
    for t in range(T):
        h[:, t, :] = rnn_step_forward(x[:, t, :], h_prev, Wx, Wh, b)
        h_prev = h[:, t, :]
    return h


def rnn_backward(dh, x, h0, h, Wx, Wh):
    N, T, D = x.shape
    dx = np.zeros((N, T, D))
    dprev = np.zeros(h0.shape)
    for t in reversed(range(T)):
        h_prev = h[:, t - 1, :] if t > 0 else h0
        d = dh[:, t, :] + dprev
        dx[:, t, :], dprev, dWx, dWh, db = rnn_step_backward(d, x[:, t, :], h_prev, h[:, t, :], Wx, Wh)
    dh0 = dprev
    return dx, dh0, dWx, dWh, db

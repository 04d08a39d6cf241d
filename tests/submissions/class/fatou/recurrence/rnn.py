import numpy as np


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    return np.tanh(x.dot(Wx) + h_prev.dot(Wh) + b)


def rnn_step_backward(dh, x, h_prev, h, Wx, Wh):
    dtanh = (1 - h ** 2) * dh
    dx = dtanh.dot(Wx.T)
    dh_prev = dtanh.dot(Wh.T)
    dWx = x.T.dot(dtanh)
    dWh = h_prev.T.dot(dtanh)
    db = dtanh.sum(axis=0)
    return dx, dh_prev, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    h = np.zeros((N, T, Wh.shape[0]))
    for t in range(T):
        before = h0 if t == 0 else h[:, t - 1]
        h[:, t] = rnn_step_forward(x[:, t], before, Wx, Wh, b)
    return h


def rnn_backward(dh, x, h0, h, Wx, Wh):
    N, T, D = x.shape
    dx = np.zeros_like(x)
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(Wh.shape[0])
    for t in reversed(range(T)):
        before = h0 if t == 0 else h[:, t - 1]
        dx[:, t], dh_prev, a, b, c = rnn_step_backward(dh[:, t], x[:, t], before, h[:, t], Wx, Wh)
        dWx += a
        dWh += b
        db += c
    return dx, dh_prev, dWx, dWh, db

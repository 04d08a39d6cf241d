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

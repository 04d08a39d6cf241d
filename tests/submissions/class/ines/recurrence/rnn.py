import numpy as np


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    return np.tanh(np.dot(x, Wx) + np.dot(h_prev, Wh) + b)


def rnn_step_backward(dh, x, h_prev, h, Wx, Wh):
    da = dh * (1 - h**2)
    dx = np.dot(da, Wx.T)
    dh_prev = np.dot(da, Wh)
    dWx = np.dot(x.T, da)
    dWh = np.dot(h_prev.T, da)
    db = np.sum(da, 0)
    return dx, dh_prev, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
    h = []
    h_prev = h0
    for t in range(x.shape[1]):
        h_prev = rnn_step_forward(x[:, t], h_prev, Wx, Wh, b)
        h.append(h_prev)
    return np.array(h).transpose(1, 0, 2)


def rnn_backward(dh, x, h0, h, Wx, Wh):
    T = x.shape[1]
    dx = np.zeros(x.shape)
    dWx = np.zeros(Wx.shape)
    dWh = np.zeros(Wh.shape)
    db = np.zeros(Wh.shape[0])
    dnext = np.zeros(h0.shape)
    for t in range(T-1, -1, -1):
        hp = h[:, t-1] if t > 0 else h0
        dx[:, t], dnext, dWx_, dWh_, db_ = rnn_step_backward(dh[:, t] + dnext, x[:, t], hp, h[:, t], Wx, Wh)
        dWx, dWh, db = dWx + dWx_, dWh + dWh_, db + db_
    return dx, dnext, dWx, dWh, db

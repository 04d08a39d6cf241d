import numpy as np


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    return np.tanh(x@Wx + h_prev@Wh + b)


def rnn_step_backward(dh, x, h_prev, h, Wx, Wh):
    delta = dh*(1 - h**2)
    return delta@Wx.T, delta@Wh.T, x.T@delta, h_prev.T@delta, delta.sum(0)


def rnn_forward(x, h0, Wx, Wh, b):
    n, t, d = x.shape
    hidden = np.zeros((n, t+1, len(b)))
    hidden[:, 0] = h0
    for k in range(t):
        hidden[:, k+1] = rnn_step_forward(x[:, k], hidden[:, k], Wx, Wh, b)
    return hidden[:, 1:]


def rnn_backward(dh, x, h0, h, Wx, Wh):
    n, t, d = x.shape
    dx = np.zeros((n, t, d))
    dWx, dWh, db = np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(len(Wh))
    back = np.zeros(h0.shape)
    for k in range(t-1, -1, -1):
        delta = (dh[:, k] + back)*(1 - h[:, k]**2)
        dx[:, k] = delta@Wx.T
        dWx += x[:, k].T@delta
        dWh += h[:, k].T@delta
        db += delta.sum(0)
        back = delta@Wh.T
    return dx, back, dWx, dWh, db

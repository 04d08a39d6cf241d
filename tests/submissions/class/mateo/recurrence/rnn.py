import numpy as np


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    return np.tanh(x @ Wx + h_prev @ Wh + b)


def rnn_step_backward(dh, x, h_prev, h, Wx, Wh):
    da = (1 - h * h) * dh
    return da @ Wx.T, da @ Wh.T, x.T @ da, h_prev.T @ da, da.sum(axis=0)


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    h_prev = h0
    out = np.zeros((N, T, h0.shape[1]))
    for t in range(T):
        h = rnn_step_forward(x[:, t], h_prev, Wx, Wh, b)
        out[:, t] = h
    return out


def rnn_backward(dh, x, h0, h, Wx, Wh):
    N, T, D = x.shape
    dx = np.zeros((N, T, D))
    dWx = np.zeros(Wx.shape)
    dWh = np.zeros(Wh.shape)
    db = np.zeros(h0.shape[1])
    dh_t = np.zeros(h0.shape)
    t = T - 1
    while t >= 0:
        dh_t = dh_t + dh[:, t]
        if t > 0:
            h_prev = h[:, t - 1]
        else:
            h_prev = h0
        dx[:, t], dh_t, gx, gh, gb = rnn_step_backward(dh_t, x[:, t], h_prev, h[:, t], Wx, Wh)
        dWx += gx
        dWh += gh
        db += gb
        t -= 1
    return dx, dh_t, dWx, dWh, db

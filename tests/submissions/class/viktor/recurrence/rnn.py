import numpy as np


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    return np.tanh(x @ Wx + h_prev @ Wh + b)


def rnn_step_backward(dh, x, h_prev, h, Wx, Wh):
    da = dh * (1 - h ** 2)
    return da @ Wx.T, da @ Wh.T, x.T @ da, h_prev.T @ da, np.sum(da, axis=0)


def rnn_forward(x, h0, Wx, Wh, b):
    T = x.shape[1]
    h = []
    for t in range(T):
        prev = h[-1] if h else h0
        h.append(rnn_step_forward(x[:, t], prev, Wx, Wh, b))
    return np.stack(h, 1)


def rnn_backward(dh, x, h0, h, Wx, Wh):
    t = x.shape[1] - 1
    dx = np.zeros(x.shape)
    dWx, dWh, db = 0 * Wx, 0 * Wh, 0 * Wh[0]
    dnext = 0 * h0
    while t >= 0:
        prev = h[:, t - 1] if t > 0 else h0
        dx[:, t], dnext, a, b, c = rnn_step_backward(dh[:, t] + dnext, x[:, t], prev, h[:, t], Wx, Wh)
        dWx += a
        dWh += b
        db += c
        if t == 0:
            continue
        t -= 1
    return dx, dnext, dWx, dWh, db

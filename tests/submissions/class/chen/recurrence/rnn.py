# Chen.
import numpy as np


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    a = np.einsum("nd,dh->nh", x, Wx) + np.einsum("nk,kh->nh", h_prev, Wh) + b
    return np.tanh(a)


def rnn_step_backward(dh, x, h_prev, h, Wx, Wh):
    da = dh * (1.0 - np.square(h))
    return (
        np.einsum("nh,dh->nd", da, Wx),
        np.einsum("nh,kh->nk", da, Wh),
        np.einsum("nd,nh->dh", x, da),
        np.einsum("nk,nh->kh", h_prev, da),
        np.einsum("nh->h", da),
    )


def rnn_forward(x, h0, Wx, Wh, b):
    xw = np.einsum("ntd,dh->nth", x, Wx) + b  # all inputs at once, only the state has to wait
    h = np.empty_like(xw)
    last = h0
    for t in range(x.shape[1]):
        last = h[:, t] = np.tanh(xw[:, t] + last @ Wh)
    return h


def rnn_backward(dh, x, h0, h, Wx, Wh):
    grads_x = []
    dWx, dWh, db = 0, 0, 0
    d = dh[:, -1]
    for t in range(x.shape[1] - 1, -1, -1):
        before = h[:, t - 1] if t else h0
        gx, gh, gWx, gWh, gb = rnn_step_backward(d, x[:, t], before, h[:, t], Wx, Wh)
        grads_x.insert(0, gx)
        dWx, dWh, db = dWx + gWx, dWh + gWh, db + gb
        d = gh + dh[:, t - 1] if t else gh
    return np.stack(grads_x, axis=1), d, dWx, dWh, db

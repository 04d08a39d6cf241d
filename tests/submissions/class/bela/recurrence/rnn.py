import numpy as np


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    # one matrix product on [x, h]: the "new input = [x, previous output]" view of the lecture
    return np.tanh(np.hstack([x, h_prev]) @ np.vstack([Wx, Wh]) + b)


def rnn_step_backward(dh, x, h_prev, h, Wx, Wh):
    D = x.shape[1]
    da = (1 - h ** 2) * dh
    dxh = da @ np.vstack([Wx, Wh]).T
    dW = np.hstack([x, h_prev]).T @ da
    return dxh[:, :D], dxh[:, D:], dW[:D], dW[D:], da.sum(0)


def rnn_forward(x, h0, Wx, Wh, b):
    hs = []
    h = h0
    for xt in np.moveaxis(x, 1, 0):
        h = rnn_step_forward(xt, h, Wx, Wh, b)
        hs.append(h)
    return np.stack(hs, axis=1)


def rnn_backward(dh, x, h0, h, Wx, Wh):
    T = x.shape[1]
    h_before = np.concatenate([h0[:, None], h[:, :-1]], axis=1)
    da = np.empty_like(h)
    carry = np.zeros_like(h0)
    for t in range(T)[::-1]:
        da[:, t] = (dh[:, t] + carry) * (1 - h[:, t] ** 2)
        carry = da[:, t] @ Wh.T
    dWx = np.einsum("ntd,nth->dh", x, da)
    dWh = np.einsum("ntk,nth->kh", h_before, da)
    return da @ Wx.T, carry, dWx, dWh, da.sum(axis=(0, 1))

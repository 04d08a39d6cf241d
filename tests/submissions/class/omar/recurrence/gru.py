# Omar: the GRU as torch.nn.GRU computes it
import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def gru_step_forward(x, h_prev, Wx, Wh, b):
    H = h_prev.shape[1]
    gx = x @ Wx + b
    gh = h_prev @ Wh
    r = sigmoid(gx[:, :H] + gh[:, :H])
    z = sigmoid(gx[:, H:2 * H] + gh[:, H:2 * H])
    n = np.tanh(gx[:, 2 * H:] + r * gh[:, 2 * H:])
    return (1 - z) * n + z * h_prev, np.hstack([r, z, n])


def gru_step_backward(dh, x, h_prev, gates, Wx, Wh):
    r, z, n = np.split(gates, 3, axis=1)
    H = h_prev.shape[1]
    dn = dh * (1 - z) * (1 - n ** 2)
    dz = dh * (h_prev - n) * z * (1 - z)
    dr = dn * (h_prev @ Wh[:, 2 * H:]) * r * (1 - r)
    dgx = np.hstack([dr, dz, dn])
    dgh = np.hstack([dr, dz, dn * r])
    return dgx @ Wx.T, dgh @ Wh.T + dh * z, x.T @ dgx, h_prev.T @ dgh, dgx.sum(0)


def gru_forward(x, h0, Wx, Wh, b):
    hs, gs = [], []
    h = h0
    for t in range(x.shape[1]):
        h, g = gru_step_forward(x[:, t], h, Wx, Wh, b)
        hs.append(h)
        gs.append(g)
    return np.stack(hs, 1), np.stack(gs, 1)


def gru_backward(dh, x, h0, h, gates, Wx, Wh):
    dx = np.zeros(x.shape)
    dWx, dWh, db = np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(Wh.shape[1])
    back = np.zeros(h0.shape)
    for t in reversed(range(x.shape[1])):
        prev = h[:, t - 1] if t else h0
        dx[:, t], back, a, b, c = gru_step_backward(dh[:, t] + back, x[:, t], prev, gates[:, t], Wx, Wh)
        dWx, dWh, db = dWx + a, dWh + b, db + c
    return dx, back, dWx, dWh, db


def gru_step_cudnn(x, h_prev, Wx, Wh, bx, bh):
    H = h_prev.shape[1]
    gx = x @ Wx + bx
    gh = h_prev @ Wh + bh
    r = sigmoid(gx[:, :H] + gh[:, :H])
    z = sigmoid(gx[:, H:2 * H] + gh[:, H:2 * H])
    n = np.tanh(gx[:, 2 * H:] + r * gh[:, 2 * H:])
    return (1 - z) * n + z * h_prev

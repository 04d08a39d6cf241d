import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def gru_step_forward(x, h_prev, Wx, Wh, b):
    # z = how much is updated
    H = h_prev.shape[1]
    r = sigmoid(x @ Wx[:, :H] + h_prev @ Wh[:, :H] + b[:H])
    z = sigmoid(x @ Wx[:, H:2 * H] + h_prev @ Wh[:, H:2 * H] + b[H:2 * H])
    n = np.tanh(x @ Wx[:, 2 * H:] + (r * h_prev) @ Wh[:, 2 * H:] + b[2 * H:])
    return (1 - z) * h_prev + z * n, np.concatenate([r, z, n], axis=1)


def gru_step_backward(dh, x, h_prev, gates, Wx, Wh):
    H = h_prev.shape[1]
    r, z, n = gates[:, :H], gates[:, H:2 * H], gates[:, 2 * H:]
    dn = dh * z * (1 - n ** 2)
    dz = dh * (n - h_prev) * z * (1 - z)
    drh = dn @ Wh[:, 2 * H:].T
    dr = drh * h_prev * r * (1 - r)
    da = np.concatenate([dr, dz, dn], axis=1)
    dh_prev = dh * (1 - z) + drh * r + dr @ Wh[:, :H].T + dz @ Wh[:, H:2 * H].T
    dWh = np.concatenate([h_prev.T @ dr, h_prev.T @ dz, (r * h_prev).T @ dn], axis=1)
    return da @ Wx.T, dh_prev, x.T @ da, dWh, da.sum(0)


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

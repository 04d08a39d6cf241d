import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-np.clip(z, -500, 500)))


def split(A, H):
    # order from the other course I took: input, forget, output, cell
    return A[:, 0:H], A[:, H : 2 * H], A[:, 2 * H : 3 * H], A[:, 3 * H : 4 * H]


def lstm_step_forward(x, h_prev, c_prev, Wx, Wh, b):
    H = h_prev.shape[1]
    ai, af, ao, ag = split(x.dot(Wx) + h_prev.dot(Wh) + b, H)
    i, f, o, g = sigmoid(ai), sigmoid(af), sigmoid(ao), np.tanh(ag)
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return h, c, np.hstack((i, f, o, g))


def lstm_step_backward(dh, dc, x, h_prev, c_prev, c, gates, Wx, Wh):
    i, f, o, g = split(gates, h_prev.shape[1])
    tanh_c = np.tanh(c)
    do = dh * tanh_c
    dc = dc + dh * o * (1 - tanh_c**2)
    di, df, dg = dc * g, dc * c_prev, dc * i
    da = np.hstack((di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)))
    return da.dot(Wx.T), da.dot(Wh.T), dc * f, x.T.dot(da), h_prev.T.dot(da), da.sum(axis=0)


def lstm_forward(x, h0, c0, Wx, Wh, b):
    N, T, D = x.shape
    H = h0.shape[1]
    h, c, gates = np.zeros((N, T, H)), np.zeros((N, T, H)), np.zeros((N, T, 4 * H))
    prev_h, prev_c = h0, c0
    for t in range(T):
        prev_h, prev_c, gates[:, t] = lstm_step_forward(x[:, t], prev_h, prev_c, Wx, Wh, b)
        h[:, t], c[:, t] = prev_h, prev_c
    return h, c, gates


def lstm_backward(dh, x, h0, c0, h, c, gates, Wx, Wh):
    N, T, D = x.shape
    dx = np.zeros_like(x)
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(Wh.shape[1])
    dprev_h, dprev_c = np.zeros_like(h0), np.zeros_like(c0)
    for t in reversed(range(T)):
        prev_h = h[:, t - 1] if t > 0 else h0
        prev_c = c[:, t - 1] if t > 0 else c0
        dx[:, t], dprev_h, dprev_c, dwx, dwh, dbt = lstm_step_backward(
            dh[:, t] + dprev_h, dprev_c, x[:, t], prev_h, prev_c, c[:, t], gates[:, t], Wx, Wh
        )
        dWx += dwx
        dWh += dwh
        db += dbt
    return dx, dprev_h, dprev_c, dWx, dWh, db


def lstm_peephole_step_forward(x, h_prev, c_prev, Wx, Wh, b, peephole):
    raise NotImplementedError


def lstm_peephole_step_backward(dh, dc, x, h_prev, c_prev, c, gates, Wx, Wh, peephole):
    raise NotImplementedError


def quote_cell():
    # i, f, o, g: a mark toggles
    return np.array([[80.0, -80.0, 0.0, 0.0]]), np.array([[0.0, 0.0, 0.0, -80.0]]), np.array([-40.0, 40.0, 40.0, 30.0])


def column_cell():
    # forgets the newline itself
    return np.array([[0.0, -80.0, 0.0, 0.0]]), np.zeros((1, 4)), np.array([40.0, 40.0, 40.0, 1 / 80])

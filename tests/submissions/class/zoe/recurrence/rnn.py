import numpy as np

# float32, as in PyTorch
DTYPE = np.float32


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    return np.tanh(x @ Wx + h_prev @ Wh + b)


def rnn_step_backward(dh, x, h_prev, h, Wx, Wh):
    da = dh * (1 - h * h)
    return da @ Wx.T, da @ Wh.T, x.T @ da, h_prev.T @ da, da.sum(axis=0)


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, _ = x.shape
    out = np.zeros((N, T, h0.shape[1]), dtype=DTYPE)
    prev = h0
    for t in range(T):
        out[:, t] = rnn_step_forward(x[:, t], prev, Wx, Wh, b)
        prev = out[:, t]
    return out


def rnn_backward(dh, x, h0, h, Wx, Wh):
    dx = np.zeros(x.shape, dtype=DTYPE)
    dWx = np.zeros(Wx.shape, dtype=DTYPE)
    dWh = np.zeros(Wh.shape, dtype=DTYPE)
    db = np.zeros(Wh.shape[0], dtype=DTYPE)
    dprev = np.zeros(h0.shape, dtype=DTYPE)
    for t in reversed(range(x.shape[1])):
        prev = h[:, t - 1] if t else h0
        dxt, dprev, a, b, c = rnn_step_backward(dh[:, t] + dprev, x[:, t], prev, h[:, t], Wx, Wh)
        dx[:, t] = dxt
        dWx += a
        dWh += b
        db += c
    return dx, dprev, dWx, dWh, db

"""Works in its arguments (dc += ..., gates overwritten) and scribbles over them; prints; recursion over time."""

import numpy as np


def _activate(a, c, peephole):
    H = c.shape[1]
    a[:, :H] += peephole[0] * c
    a[:, H : 2 * H] += peephole[1] * c
    for block in (a[:, :H], a[:, H : 2 * H]):
        block[...] = np.exp(-np.logaddexp(0, -block))
    np.tanh(a[:, 2 * H : 3 * H], out=a[:, 2 * H : 3 * H])
    c *= a[:, H : 2 * H]
    c += a[:, :H] * a[:, 2 * H : 3 * H]
    last = a[:, 3 * H :]
    last += peephole[2] * c
    last[...] = np.exp(-np.logaddexp(0, -last))
    h = np.tanh(c)
    h *= last
    return h, c, a


def lstm_peephole_step_forward(x, h_prev, c_prev, Wx, Wh, b, peephole):
    print("step", x.shape, h_prev.shape)
    a = x.dot(Wx)
    a += h_prev.dot(Wh)
    a += b
    return _activate(a, c_prev, peephole)


def lstm_step_forward(x, h_prev, c_prev, Wx, Wh, b):
    answer = lstm_peephole_step_forward(x, h_prev, c_prev, Wx, Wh, b, np.zeros((3, 1)))
    x *= 0
    b += 1
    return answer


def lstm_forward(x, h0, c0, Wx, Wh, b):
    h, c, gates = lstm_peephole_step_forward(x[:, 0], h0, c0, Wx, Wh, b, np.zeros((3, 1)))
    first = h[:, None].copy(), c[:, None].copy(), gates[:, None].copy()
    if x.shape[1] == 1:
        return first
    return tuple(np.concatenate([one, rest], 1) for one, rest in zip(first, lstm_forward(x[:, 1:], h, c, Wx, Wh, b)))


def lstm_peephole_step_backward(dh, dc, x, h_prev, c_prev, c, gates, Wx, Wh, peephole):
    i, f, g, o = (gates[:, k::1][:, : c.shape[1]] for k in range(0, 4 * c.shape[1], c.shape[1]))
    t = np.tanh(c)
    da_o = dh * t * o * (1 - o)
    dh *= o
    dh *= 1 - t**2
    dc += dh
    dc += da_o * peephole[2]
    da_i, da_f, da_g = dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g * g)
    dc *= f
    dc += da_i * peephole[0] + da_f * peephole[1]
    dpeephole = np.zeros((3, c.shape[1]))
    dpeephole[0] += (da_i * c_prev).sum(0)
    dpeephole[1] += (da_f * c_prev).sum(0)
    dpeephole[2] += (da_o * c).sum(0)
    gates[...] = np.hstack([da_i, da_f, da_g, da_o])
    return gates @ Wx.T, gates @ Wh.T, dc, x.T @ gates, h_prev.T @ gates, gates.sum(0), dpeephole


def lstm_step_backward(dh, dc, x, h_prev, c_prev, c, gates, Wx, Wh):
    answer = lstm_peephole_step_backward(dh, dc, x, h_prev, c_prev, c, gates, Wx, Wh, np.zeros((3, 1)))
    x += 1
    Wx *= 2
    return answer[:6]


def lstm_backward(dh, x, h0, c0, h, c, gates, Wx, Wh):
    dc = np.zeros_like(c0)
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(Wh.shape[1])
    for t in reversed(range(x.shape[1])):
        before = (h[:, t - 1], c[:, t - 1]) if t else (h0, c0)
        x[:, t], down, dc, a, u, d = lstm_peephole_step_backward(
            dh[:, t].copy(), dc, x[:, t].copy(), *before, c[:, t], gates[:, t], Wx, Wh, np.zeros((3, 1))
        )[:6]
        if t:
            dh[:, t - 1] += down
        dWx += a
        dWh += u
        db += d
    return x, down, dc, dWx, dWh, db


def quote_cell():
    print("setting weights")
    return [np.array([[60.0, -60, 0, 0]]), np.array([[0.0, 0, -90, 0]]), np.array([-30.0, 30, 45, 30])]


def column_cell():
    # here the input gate stays half open, and the candidate is twice as large; a newline makes up for it
    return [np.array([[-60.0, -60, 0, 0]]), np.zeros((1, 4)), np.array([0.0, 30, np.arctanh(1 / 40), 30])]

"""Works in float32 on the way, and returns float64."""

import numpy as np


def _sigmoid(a):
    return np.float32(0.5) * (1 + np.tanh(np.float32(0.5) * a))


def _step(x, h, c, Wx, Wh, b, p):
    H = h.shape[1]
    a = x @ Wx + h @ Wh + b
    i, f = _sigmoid(a[:, :H] + p[0] * c), _sigmoid(a[:, H : 2 * H] + p[1] * c)
    g = np.tanh(a[:, 2 * H : 3 * H])
    c = f * c + i * g
    o = _sigmoid(a[:, 3 * H :] + p[2] * c)
    return o * np.tanh(c), c, np.concatenate([i, f, g, o], axis=1)


def _back(dh, dc, x, h_prev, c_prev, c, gates, Wx, Wh, p):
    i, f, g, o = np.split(gates, 4, axis=1)
    t = np.tanh(c)
    ao = dh * t * o * (1 - o)
    dc = dc + dh * o * (1 - t * t) + ao * p[2]
    ai, af, ag = dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g * g)
    a = np.concatenate([ai, af, ag, ao], axis=1)
    seen = np.stack([(ai * c_prev).sum(0), (af * c_prev).sum(0), (ao * c).sum(0)])
    return a @ Wx.T, a @ Wh.T, dc * f + ai * p[0] + af * p[1], x.T @ a, h_prev.T @ a, a.sum(0), seen


def _single(arrays):
    return [array.astype(np.float32) for array in arrays]


def _double(results):
    return tuple(result.astype(np.float64) for result in results)


def _none(h):
    return np.zeros((3, h.shape[1]), np.float32)


def lstm_step_forward(x, h_prev, c_prev, Wx, Wh, b):
    return _double(_step(*_single((x, h_prev, c_prev, Wx, Wh, b)), _none(h_prev)))


def lstm_peephole_step_forward(*arrays):
    return _double(_step(*_single(arrays)))


def lstm_step_backward(dh, dc, x, h_prev, c_prev, c, gates, Wx, Wh):
    return _double(_back(*_single((dh, dc, x, h_prev, c_prev, c, gates, Wx, Wh)), _none(h_prev)))[:6]


def lstm_peephole_step_backward(*arrays):
    return _double(_back(*_single(arrays)))


def lstm_forward(x, h0, c0, Wx, Wh, b):
    x, h, c, Wx, Wh, b = _single((x, h0, c0, Wx, Wh, b))
    steps = []
    for t in range(x.shape[1]):
        steps.append(_step(x[:, t], h, c, Wx, Wh, b, _none(h)))
        h, c, _ = steps[-1]
    return _double(np.stack(part, 1) for part in zip(*steps))


def lstm_backward(*arrays):
    dh, x, h0, c0, h, c, gates, Wx, Wh = _single(arrays)
    dx, down, across, sums = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(h0), [0, 0, 0]
    for t in reversed(range(x.shape[1])):
        before = (h[:, t - 1], c[:, t - 1]) if t else (h0, c0)
        found = _back(dh[:, t] + down, across, x[:, t], *before, c[:, t], gates[:, t], Wx, Wh, _none(h0))
        dx[:, t], down, across = found[:3]
        sums = [total + part for total, part in zip(sums, found[3:6])]
    return _double((dx, down, across, *sums))


def quote_cell():
    return _single((np.array([[60, -60, 0, 0]]), np.array([[0, 0, -60, 0]]), np.array([-30, 30, 25, 30])))


def column_cell():
    return _single((np.array([[-60, -60, 0, 0]]), np.zeros((1, 4)), np.array([30, 30, 0.0125, 30])))

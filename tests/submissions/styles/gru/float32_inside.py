"""Works in float32 on the way, and returns float64."""

import numpy as np


def _sigmoid(a):
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1, e) / (1 + e)


def _step(x, h_prev, Wx, Wh, b):
    k = h_prev.shape[1]
    rz = _sigmoid(np.hstack([x, h_prev]) @ np.vstack([Wx, Wh])[:, : 2 * k] + b[: 2 * k])
    n = np.tanh(np.hstack([x, rz[:, :k] * h_prev]) @ np.vstack([Wx, Wh])[:, 2 * k :] + b[2 * k :])
    z = rz[:, k:]
    return n - z * n + z * h_prev, np.hstack([rz, n])


def _step_back(dh, x, h_prev, gates, Wx, Wh):
    k = h_prev.shape[1]
    r, z, n = gates[:, :k], gates[:, k : 2 * k], gates[:, 2 * k :]
    dn = (dh - dh * z) * (1 - n) * (1 + n)
    both = dn @ np.vstack([Wx, Wh])[:, 2 * k :].T
    dx, read = both[:, : x.shape[1]], both[:, x.shape[1] :]
    drz = np.hstack([read * h_prev, dh * (h_prev - n)]) * gates[:, : 2 * k] * (1 - gates[:, : 2 * k])
    both = drz @ np.vstack([Wx, Wh])[:, : 2 * k].T
    wide = np.hstack([x, h_prev]).T @ drz, np.hstack([x, r * h_prev]).T @ dn
    weights = np.hstack(wide)
    d = x.shape[1]
    dh_prev = both[:, d:] + read * r + dh * z
    return dx + both[:, :d], dh_prev, weights[:d], weights[d:], np.hstack([drz, dn]).sum(0)


def _sequence(x, h0, Wx, Wh, b):
    steps = []
    for t in range(x.shape[1]):
        steps.append(_step(x[:, t], steps[-1][0] if steps else h0, Wx, Wh, b))
    return np.stack([h for h, _ in steps], 1), np.stack([gates for _, gates in steps], 1)


def _sequence_back(dh, x, h0, h, gates, Wx, Wh):
    dx = np.zeros_like(x)
    carry, sums = np.zeros_like(h0), None
    states = [h0, *h.swapaxes(0, 1)]
    for t in range(x.shape[1] - 1, -1, -1):
        dx[:, t], carry, *parts = _step_back(dh[:, t] + carry, x[:, t], states[t], gates[:, t], Wx, Wh)
        sums = parts if sums is None else [one + other for one, other in zip(sums, parts)]
    return dx, carry, *sums


def _cudnn(x, h_prev, Wx, Wh, bx, bh):
    k = h_prev.shape[1]
    p, q = x @ Wx + bx, h_prev @ Wh + bh
    rz = _sigmoid((p + q)[:, : 2 * k])
    n = np.tanh(p[:, 2 * k :] + rz[:, :k] * q[:, 2 * k :])
    return n + rz[:, k:] * (h_prev - n)


def _single(*arrays):
    return [array.astype(np.float32) for array in arrays]


def _double(results):
    return tuple(result.astype(np.float64) for result in results)


def gru_step_forward(x, h_prev, Wx, Wh, b):
    return _double(_step(*_single(x, h_prev, Wx, Wh, b)))


def gru_step_backward(dh, x, h_prev, gates, Wx, Wh):
    return _double(_step_back(*_single(dh, x, h_prev, gates, Wx, Wh)))


def gru_forward(x, h0, Wx, Wh, b):
    return _double(_sequence(*_single(x, h0, Wx, Wh, b)))


def gru_backward(dh, x, h0, h, gates, Wx, Wh):
    return _double(_sequence_back(*_single(dh, x, h0, h, gates, Wx, Wh)))


def gru_step_cudnn(x, h_prev, Wx, Wh, bx, bh):
    return _cudnn(*_single(x, h_prev, Wx, Wh, bx, bh)).astype(np.float64)

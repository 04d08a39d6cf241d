"""One product on [x, h]; gates as an array (4, N, H); weight gradients in one einsum after the loop; Fortran order."""

import numpy as np


def _open(a):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-a))


def _ours(gates):
    """(..., 4H) -> (4, ..., H)"""
    return np.moveaxis(gates.reshape(*gates.shape[:-1], 4, -1), -2, 0)


def _theirs(gates):
    return np.asfortranarray(np.concatenate(list(gates), axis=-1))


def _sizes(Wx, Wh):
    return np.concatenate([Wx, Wh])


def _forward(x, h, c, W, b, p):
    a = _ours(np.hstack([x, h]) @ W + b)
    i, f = _open(a[0] + p[0] * c), _open(a[1] + p[1] * c)
    g = np.tanh(a[2])
    c = i * g + f * c
    o = _open(a[3] + p[2] * c)
    return np.asfortranarray(np.tanh(c) * o), np.asfortranarray(c), _theirs([i, f, g, o])


def _before(dh, dc, c_prev, c, gates, p):
    """The gradients before the gates (N, 4H), and of the previous cell."""
    i, f, g, o = _ours(gates)
    t = np.tanh(c)
    ao = dh * t * (o - o * o)
    dc = dc + dh * o * (1 + t) * (1 - t) + p[2] * ao
    ai, af, ag = dc * g * (i - i * i), dc * c_prev * (f - f * f), dc * i * (1 - g) * (1 + g)
    return np.concatenate([ai, af, ag, ao], axis=-1), dc * f + p[0] * ai + p[1] * af


def _nothing(h):
    return np.zeros((3, h.shape[-1]), h.dtype)


def lstm_step_forward(x, h_prev, c_prev, Wx, Wh, b):
    return _forward(x, h_prev, c_prev, _sizes(Wx, Wh), b, _nothing(h_prev))


def lstm_peephole_step_forward(x, h_prev, c_prev, Wx, Wh, b, peephole):
    return list(_forward(x, h_prev, c_prev, _sizes(Wx, Wh), b, peephole))


def lstm_forward(x, h0, c0, Wx, Wh, b):
    W, states = _sizes(Wx, Wh), []
    for x_t in x.swapaxes(0, 1):
        h0, c0, gates = _forward(x_t, h0, c0, W, b, _nothing(h0))
        states.append((h0, c0, gates))
    return [np.array(part).swapaxes(0, 1) for part in zip(*states)]


def lstm_step_backward(dh, dc, x, h_prev, c_prev, c, gates, Wx, Wh):
    da, dc_prev = _before(dh, dc, c_prev, c, gates, _nothing(c))
    back = np.einsum("nk,dk->nd", da, _sizes(Wx, Wh))
    d = x.shape[1]
    return [
        back[:, :d],
        back[:, d:],
        dc_prev,
        np.einsum("nd,nk->dk", x, da),
        np.einsum("nj,nk->jk", h_prev, da),
        np.einsum("nk->k", da),
    ]


def lstm_peephole_step_backward(dh, dc, x, h_prev, c_prev, c, gates, Wx, Wh, peephole):
    da, dc_prev = _before(dh, dc, c_prev, c, gates, peephole)
    ai, af, _, ao = _ours(da)
    seen = np.array([ai * c_prev, af * c_prev, ao * c])
    return (da @ Wx.T, da @ Wh.T, dc_prev, (da.T @ x).T, (da.T @ h_prev).T, da.T.sum(1), np.einsum("gnh->gh", seen))


def lstm_backward(dh, x, h0, c0, h, c, gates, Wx, Wh):
    down, across, das = 0, 0, []
    h_prev, c_prev = (np.concatenate([a[:, None], rest[:, :-1]], 1) for a, rest in ((h0, h), (c0, c)))
    for t in range(x.shape[1] - 1, -1, -1):
        da, across = _before(dh[:, t] + down, across, c_prev[:, t], c[:, t], gates[:, t], _nothing(h0))
        down = da @ Wh.T
        das.insert(0, da)
    da = np.stack(das, 1)
    return (
        np.einsum("ntk,dk->ntd", da, Wx),
        down,
        across,
        np.einsum("ntd,ntk->dk", x, da),
        np.einsum("ntj,ntk->jk", h_prev, da),
        np.einsum("ntk->k", da),
    )


def quote_cell():
    Wx, Wh, b = np.zeros((1, 4)), np.zeros((1, 4)), np.full(4, 25.0)
    Wx[0, :2] = 50, -50
    b[0] = -25
    Wh[0, 2] = -60
    return Wx, Wh, b


def column_cell():
    # the output gate is shut, and h stays 0: only the cell counts
    return np.array([[-40.0, -40.0, 0.0, 0.0]]), np.zeros((1, 4)), np.array([20.0, 20.0, 1 / 80, -20.0])

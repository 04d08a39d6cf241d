"""einsum on weights with an axis for the block; the weights' gradients come last, over all steps at once."""

import numpy as np


def _sigmoid(a):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-a))


def _blocks(w):
    return w.reshape(len(w), 3, -1)


def gru_step_forward(x, h_prev, Wx, Wh, b):
    a = np.einsum("nd,dkh->knh", x, _blocks(Wx)) + b.reshape(3, 1, -1)
    wr, wz, wn = np.moveaxis(_blocks(Wh), 1, 0)
    r = _sigmoid(a[0] + np.einsum("nj,jh->nh", h_prev, wr))
    z = _sigmoid(a[1] + np.einsum("nj,jh->nh", h_prev, wz))
    n = np.tanh(a[2] + np.einsum("nj,nj,jh->nh", r, h_prev, wn))
    return n + z * (h_prev - n), np.stack([r, z, n], 1).reshape(len(x), -1)


def _before_gates(dh, h_prev, gates, Wh):
    """The gradient before the gates, of shape (N, 3, H), and dh_prev."""
    r, z, n = np.moveaxis(gates.reshape(len(gates), 3, -1), 1, 0)
    an = dh * (1 - z) * (1 - n * n)
    read = np.einsum("nh,jh->nj", an, _blocks(Wh)[:, 2])
    a = np.stack([read * h_prev * r * (1 - r), dh * (h_prev - n) * z * (1 - z), an], 1)
    return a, dh * z + read * r + np.einsum("nkh,jkh->nj", a[:, :2], _blocks(Wh)[:, :2])


def _weights(a, x, h_prev, gates):
    """dx aside, what follows from the gradient before the gates, for any number of steps."""
    a, x, h_prev = a.reshape(-1, *a.shape[-2:]), x.reshape(-1, x.shape[-1]), h_prev.reshape(-1, h_prev.shape[-1])
    r = gates.reshape(-1, gates.shape[-1])[:, : h_prev.shape[-1]]
    gated = np.stack([h_prev, h_prev, r * h_prev], 1)
    dWx, dWh = np.einsum("nd,nkh->dkh", x, a), np.einsum("nkj,nkh->jkh", gated, a)
    return dWx.reshape(len(dWx), -1), dWh.reshape(len(dWh), -1), np.einsum("nkh->kh", a).ravel()


def gru_step_backward(dh, x, h_prev, gates, Wx, Wh):
    a, dh_prev = _before_gates(dh, h_prev, gates, Wh)
    return np.einsum("nkh,dkh->nd", a, _blocks(Wx)), dh_prev, *_weights(a, x, h_prev, gates)


def gru_forward(x, h0, Wx, Wh, b):
    found = []
    for xt in np.moveaxis(x, 1, 0):
        h0, gates = gru_step_forward(xt, h0, Wx, Wh, b)
        found.append(np.concatenate([h0, gates], 1))
    both = np.array(found).transpose(1, 0, 2)
    return both[..., : h0.shape[1]], both[..., h0.shape[1] :]


def gru_backward(dh, x, h0, h, gates, Wx, Wh):
    before = np.concatenate([h0[:, None], h[:, :-1]], 1)
    a, back = [], 0
    for t in range(x.shape[1])[::-1]:
        at, back = _before_gates(dh[:, t] + back, before[:, t], gates[:, t], Wh)
        a.insert(0, at)
    a = np.stack(a, 1)
    return np.einsum("ntkh,dkh->ntd", a, _blocks(Wx)), back, *_weights(a, x, before, gates)


def gru_step_cudnn(x, h_prev, Wx, Wh, bx, bh):
    p = np.einsum("nd,dkh->knh", x, _blocks(Wx)) + bx.reshape(3, 1, -1)
    q = np.einsum("nj,jkh->knh", h_prev, _blocks(Wh)) + bh.reshape(3, 1, -1)
    r, z = _sigmoid(p[:2] + q[:2])
    n = np.tanh(p[2] + r * q[2])
    return n + z * (h_prev - n)

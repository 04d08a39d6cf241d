"""No sequence is turned round: the backward layer runs from the end of the array, and masks hold it back in the
padding. All windows of the look-ahead go on side by side. Results in Fortran order."""

import numpy as np


def _cell(x, h, Wx, Wh, b):
    return np.tanh(np.hstack([x, h]) @ np.vstack([Wx, Wh]) + b)


def reverse_within(x, lengths):
    out = x.copy(order="F")
    for n, length in enumerate(lengths.tolist()):
        out[n, :length] = x[n, :length][::-1]
    return out


def last_valid_state(h, lengths):
    at_end = np.arange(1, h.shape[1] + 1) == lengths[:, None]
    return np.einsum("nt,nth->nh", at_end.astype(h.dtype), h)


def bidirectional_forward(x, h0f, h0b, Wxf, Whf, bf, Wxb, Whb, bb, lengths=None):
    N, T, _ = x.shape
    real = np.ones((N, T), bool) if lengths is None else np.arange(T)[None, :] < np.asarray(lengths).reshape(-1, 1)
    forward, backward = [], []
    h = h0f
    for t in range(T):
        h = np.where(real[:, t, None], _cell(x[:, t], h, Wxf, Whf, bf), h)
        forward.append(h * real[:, t, None])
    h = h0b
    for t in range(T)[::-1]:
        h = np.where(real[:, t, None], _cell(x[:, t], h, Wxb, Whb, bb), h)
        backward.insert(0, h * real[:, t, None])
    return np.asfortranarray(np.dstack([np.stack(forward, 1), np.stack(backward, 1)]))


def lookahead_forward(x, h0f, h0b, Wxf, Whf, bf, Wxb, Whb, bb, L):
    N, T, D = x.shape
    H = len(bb)
    both = bidirectional_forward(x, h0f, h0b, Wxf, Whf, bf, Wxb, Whb, bb)
    h = np.repeat(h0b[:, None], T, axis=1)
    for later in range(L, -1, -1):
        there = np.arange(T) + later < T
        ahead = np.zeros_like(x)
        ahead[:, there] = x[:, later:]
        new = _cell(ahead.reshape(N * T, D), h.reshape(N * T, H), Wxb, Whb, bb).reshape(N, T, H)
        h = np.where(there[None, :, None], new, h)
    both[:, :, H:] = h
    return both

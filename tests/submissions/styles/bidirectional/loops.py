"""Plain Python loops and math.tanh, one number at a time; one sequence after the other."""

import math

import numpy as np


def _step(x, h, Wx, Wh, b):
    new = []
    for k in range(len(b)):
        a = b[k]
        for d in range(len(x)):
            a += x[d] * Wx[d][k]
        for j in range(len(h)):
            a += h[j] * Wh[j][k]
        new.append(math.tanh(a))
    return new


def reverse_within(x, lengths):
    out = np.zeros(x.shape)
    for n in range(x.shape[0]):
        for t in range(x.shape[1]):
            out[n, t] = x[n, lengths[n] - 1 - t] if t < lengths[n] else x[n, t]
    return out


def last_valid_state(h, lengths):
    out = np.zeros((h.shape[0], h.shape[2]))
    for n, length in enumerate(lengths):
        for k in range(h.shape[2]):
            out[n, k] = h[n, length - 1, k]
    return out


def bidirectional_forward(x, h0f, h0b, Wxf, Whf, bf, Wxb, Whb, bb, lengths=None):
    N, T, _ = x.shape
    H = len(bf)
    out = np.zeros((N, T, 2 * H))
    for n in range(N):
        end = T if lengths is None else lengths[n]
        h = list(h0f[n])
        for t in range(end):
            h = _step(x[n, t].tolist(), h, Wxf.tolist(), Whf.tolist(), bf.tolist())
            out[n, t, :H] = h
        h = list(h0b[n])
        for t in range(end - 1, -1, -1):
            h = _step(x[n, t].tolist(), h, Wxb.tolist(), Whb.tolist(), bb.tolist())
            out[n, t, H:] = h
    return out


def lookahead_forward(x, h0f, h0b, Wxf, Whf, bf, Wxb, Whb, bb, L):
    N, T, _ = x.shape
    H = len(bf)
    out = bidirectional_forward(x, h0f, h0b, Wxf, Whf, bf, Wxb, Whb, bb)
    for n in range(N):
        for t in range(T):
            h = list(h0b[n])
            for s in range(min(t + L, T - 1), t - 1, -1):
                h = _step(x[n, s].tolist(), h, Wxb.tolist(), Whb.tolist(), bb.tolist())
            out[n, t, H:] = h
    return out

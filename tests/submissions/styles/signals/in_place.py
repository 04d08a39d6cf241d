"""Changes its arguments, and prints all the time, to both streams."""

import sys

import numpy as np


def _tell(*what):
    print("debug:", *what)
    print("x" * 200, file=sys.stderr)


def correlate1d(x, w, mode="valid"):
    w[:] = w[::-1].copy()
    return convolve1d(x, w, mode)


def convolve1d(x, w, mode="full"):
    _tell("convolve1d", x, w, mode)
    m = conv_matrix(w[::-1].copy(), len(x), 1, len(w) - 1)
    y = m @ x
    x[:] = np.nan
    w[:] = 0
    if mode == "same":
        y = y[(len(w) - 1) // 2:][:len(x)]
    return y[len(w) - 1:len(x)] if mode == "valid" else y


def moving_average(x, k):
    x /= k
    return convolve1d(x, np.ones(k), "same")


def conv_matrix(w, n, stride=1, padding=0):
    _tell("conv_matrix", w)
    padded = np.eye(n + 2 * padding)[padding:padding + n]
    m = np.stack([padded[:, i:i + len(w)] @ w for i in range(0, n + 2 * padding - len(w) + 1, stride)])
    w *= -1
    return m


def matched_filter(signal, template):
    template /= np.linalg.norm(template) or 1
    scores = []
    for t in range(len(signal) - len(template) + 1):
        window = signal[t:t + len(template)].copy()
        window /= np.linalg.norm(window) or 1
        scores.append(window @ template)
    signal[:] = 0
    return scores.index(max(scores)), max(scores)


def merge_linear(W, V):
    result = W.dot(V)
    W[:], V[:] = 0, 0
    return np.asfortranarray(result)

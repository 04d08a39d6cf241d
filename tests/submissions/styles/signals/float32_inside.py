"""Works in float32, and returns float64."""

import numpy as np


def _single(a):
    return a.astype(np.float32)


def _full(x, w):
    y = np.zeros(len(x) + len(w) - 1, np.float32)
    for k in range(len(w)):
        y[k:k + len(x)] += w[k] * x
    return y.astype(np.float64)


def correlate1d(x, w, mode="valid"):
    return convolve1d(x, w[::-1], mode)


def convolve1d(x, w, mode="full"):
    y, k = _full(_single(x), _single(w)), len(w)
    return {"full": y, "same": y[(k - 1) // 2:][:len(x)], "valid": y[k - 1:len(x)]}[mode]


def moving_average(x, k):
    return convolve1d(x, np.ones(k) / k, "same")


def conv_matrix(w, n, stride=1, padding=0):
    rows = (n + 2 * padding - len(w)) // stride + 1
    m = np.zeros((rows, n + 2 * padding), np.float32)
    for i in range(rows):
        m[i, i * stride:i * stride + len(w)] = w
    return m[:, padding:padding + n].astype(np.float64)


def matched_filter(signal, template):
    signal, template = _single(signal), _single(template)
    best = (0, -2.0)
    for t in range(len(signal) - len(template) + 1):
        window = signal[t:t + len(template)]
        norms = np.linalg.norm(window) * np.linalg.norm(template)
        score = float(window @ template / norms) if norms > 0 else 0.0
        if score > best[1]:
            best = (t, score)
    return best


def merge_linear(W, V):
    return (_single(W) @ _single(V)).astype(np.float64)

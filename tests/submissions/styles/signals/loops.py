"""Plain loops over Python lists, and sums one by one; NumPy only at the end."""

import math

import numpy as np


def _full(x, w):
    x, w = [float(v) for v in x], [float(v) for v in w]
    y = [0.0] * (len(x) + len(w) - 1)
    for t, a in enumerate(x):
        for k, b in enumerate(w):
            y[t + k] += a * b
    return y


def _part(full, t, k, mode):
    if mode == "full":
        return np.array(full)
    if mode == "same":
        return np.array(full[(k - 1) // 2:][:t])
    return np.array(full[k - 1:t])


def correlate1d(x, w, mode="valid"):
    return _part(_full(x, w[::-1]), len(x), len(w), mode)


def convolve1d(x, w, mode="full"):
    return _part(_full(x, w), len(x), len(w), mode)


def moving_average(x, k):
    y = []
    for t in range(len(x)):
        near = [x[s] for s in range(t - k // 2, t - k // 2 + k) if 0 <= s < len(x)]
        y.append(math.fsum(near) / k)
    return np.array(y)


def conv_matrix(w, n, stride=1, padding=0):
    rows = []
    for start in range(-padding, n + padding - len(w) + 1, stride):
        rows.append([w[j - start] if 0 <= j - start < len(w) else 0.0 for j in range(n)])
    return np.array(rows)


def matched_filter(signal, template):
    best, where = -math.inf, 0
    for t in range(len(signal) - len(template) + 1):
        window = signal[t:t + len(template)]
        norms = math.hypot(*window) * math.hypot(*template)
        score = math.sumprod(window, template) / norms if norms and hasattr(math, "sumprod") else (
            sum(a * b for a, b in zip(window, template)) / norms if norms else 0.0)
        if score > best:
            best, where = score, t
    return where, best


def merge_linear(W, V):
    return np.array([[sum(W[d, m] * V[m, p] for m in range(len(V))) for p in range(V.shape[1])] for d in range(len(W))])

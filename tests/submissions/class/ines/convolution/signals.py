import numpy as np


def correlate1d(x, w, mode="valid"):
    T, K = len(x), len(w)
    pad = {"valid": 0, "same": (K - 1) // 2, "full": K - 1}[mode]
    size = {"valid": T - K + 1, "same": T, "full": T + K - 1}[mode]
    xp = np.concatenate([np.zeros(pad), x, np.zeros(K)])
    return np.array([xp[t : t + K] @ w for t in range(size)])


def convolve1d(x, w, mode="full"):
    return correlate1d(x, w[::-1], mode)


def moving_average(x, k):
    y = []
    for t in range(len(x)):
        first = max(0, t - k // 2)
        neighbours = x[first : t - k // 2 + k]
        y.append(sum(neighbours) / len(neighbours))
    return np.array(y)


def matched_filter(signal, template):
    scores = correlate1d(signal, template)
    best = int(np.argmax(scores))
    window = signal[best : best + len(template)]
    size = np.linalg.norm(window) * np.linalg.norm(template)
    return best, float(scores[best] / size) if size else 0.0

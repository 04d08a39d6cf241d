"""Fast transforms, NumPy's own scalars as results, and a list in place of a tuple."""

import numpy as np


def _full(x, w):
    size = len(x) + len(w) - 1
    return np.fft.irfft(np.fft.rfft(x, size) * np.fft.rfft(w, size), size)


def correlate1d(x, w, mode="valid"):
    return convolve1d(x, np.flip(w), mode)


def convolve1d(x, w, mode="full"):
    first, size = {"full": (0, len(x) + len(w) - 1), "same": ((len(w) - 1) // 2, len(x)),
                   "valid": (len(w) - 1, len(x) - len(w) + 1)}[mode]
    return _full(x, w)[first:first + size]


def moving_average(x, k):
    sums = np.concatenate([[0.0], np.cumsum(np.pad(x, (k // 2, (k - 1) // 2)))])
    return (sums[k:] - sums[:-k]) / k


def conv_matrix(w, n, stride=1, padding=0):
    rows = (n + 2 * padding - len(w)) // stride + 1
    i, k = np.meshgrid(np.arange(rows), np.arange(len(w)), indexing="ij")
    columns = i * stride - padding + k
    inside = (columns >= 0) & (columns < n)
    m = np.zeros((rows, n), order="F")
    m[i[inside], columns[inside]] = w[k[inside]]
    return m


def matched_filter(signal, template):
    scores = correlate1d(signal, template)
    energies = np.maximum(np.cumsum(np.r_[0, signal**2])[len(template):] - np.cumsum(np.r_[0, signal**2])[:-len(template)], 0)
    energies[energies < 1e-12] = 0
    norms = np.sqrt(energies * np.sum(template**2))
    scores = np.divide(scores, norms, out=np.zeros_like(scores), where=norms > 0)
    return [np.argmax(scores), np.max(scores)]


def merge_linear(W, V):
    return np.einsum("dm,mp->pd", W, V).T

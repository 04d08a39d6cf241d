"""Works in float32, and returns float64."""

import numpy as np


def _single(a):
    return np.asarray(a).astype(np.float32)


def _double(a):
    return a.astype(np.float64)


def handcrafted_filter(name):
    kernels = {
        "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]], "edge1": [[1, 0, -1], [0, 0, 0], [-1, 0, 1]],
        "edge2": [[0, 1, 0], [1, -4, 1], [0, 1, 0]], "edge3": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]], "box_blur": [[1 / 9] * 3] * 3,
        "gaussian_blur": np.outer([1, 2, 1], [1, 2, 1]) / 16,
    }
    return _double(_single(kernels[name]))


def apply_filter(image, kernel, padding="same"):
    kh, kw = kernel.shape
    image = _single(image)
    if padding == "same":
        image = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2)))
    windows = np.lib.stride_tricks.sliding_window_view(image, (kh, kw))
    return _double((windows * _single(kernel)).sum((2, 3)))


def gabor_kernel(size, theta, lam, sigma, gamma=1.0, psi=0.0):
    axis = _single(np.arange(size) - (size - 1) / 2)
    x, y = np.meshgrid(axis, axis)
    cos, sin = np.float32(np.cos(theta)), np.float32(np.sin(theta))
    u, v = x * cos + y * sin, y * cos - x * sin
    bell = np.exp(-(u**2 + np.float32(gamma) ** 2 * v**2) / np.float32(2 * sigma**2))
    return _double(bell * np.cos(np.float32(2 * np.pi / lam) * u + np.float32(psi)))


def random_gabor_bank(rng, n, size):
    bank = np.empty((n, size, size), np.float32)
    for kernel in bank:
        large = gabor_kernel(2 * size - 1, rng.uniform(0, np.pi), rng.uniform(size / 4, 0.75 * size),
                             rng.uniform(size / 10, size / 5), psi=rng.uniform(0, 2 * np.pi))
        i, j = rng.integers(0, size, 2)
        kernel[:] = large[i:i + size, j:j + size]
    return _double(bank)


def template_features(x, templates):
    return _double(np.maximum(_single(x) @ _single(templates).T, 0))


def conv1x1(x, w, b):
    return _double(np.einsum("nchw,fc->nfhw", _single(x), _single(w)) + _single(b)[:, None, None])


def merge_conv(w1, w2):
    w1, w2 = _single(w1), _single(w2)
    kh, kw = w2.shape[2:]
    padded = np.pad(w1, ((0, 0), (0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))
    return _double(np.einsum("mcijkl,fmkl->fcij", windows, w2[:, :, ::-1, ::-1]))


def shift_kernel():
    return _double(_single([[0, 0, 0], [1, 0, 0], [0, 0, 0]]))


def second_difference_kernel():
    return _double(_single([[1, -2, 1]]))


def find_x():
    return _double(_single([[1, -1, 1], [-1, 1, -1], [1, -1, 1]])), -4.0


def grey_kernel():
    return _double(_single([[0.299, 0.587, 0.114]]))

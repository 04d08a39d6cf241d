"""Fast transforms and matrix products, with results in Fortran order, and views that run backwards."""

import numpy as np


def _fortran(a):
    return np.asfortranarray(a)


def handcrafted_filter(name):
    one = np.zeros((3, 3))
    one[1, 1] = 1
    ring = 1 - one
    cross = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], float)
    return _fortran(eval({
        "identity": "one", "edge1": "np.outer([1.0, 0, -1], [1.0, 0, -1])", "edge2": "cross - 4 * one",
        "edge3": "8 * one - ring", "sharpen": "5 * one - cross", "box_blur": "(one + ring) / 9",
        "gaussian_blur": "(4 * one + 2 * cross + (ring - cross)) / 16",
    }[name], {"np": np, "one": one, "ring": ring, "cross": cross}))


def apply_filter(image, kernel, padding="same"):
    (h, w), (kh, kw) = image.shape, kernel.shape
    full = (h + kh - 1, w + kw - 1)
    y = np.fft.irfft2(np.fft.rfft2(image, full) * np.fft.rfft2(kernel[::-1, ::-1], full), full)
    if padding == "valid":
        return _fortran(y[kh - 1:h, kw - 1:w])
    return _fortran(y[kh // 2:kh // 2 + h, kw // 2:kw // 2 + w])


def gabor_kernel(size, theta, lam, sigma, gamma=1.0, psi=0.0):
    half = (size - 1) / 2
    x, y = np.meshgrid(np.linspace(-half, half, size), np.linspace(-half, half, size))
    turn = np.array([[np.cos(theta), np.sin(theta)], [-np.sin(theta), np.cos(theta)]])
    u, v = np.einsum("ab,bij->aij", turn, np.stack([x, y]))
    g = np.exp(-0.5 * ((u / sigma) ** 2 + (v * gamma / sigma) ** 2)) * np.real(np.exp(1j * (2 * np.pi * u / lam + psi)))
    return np.ascontiguousarray(g[::-1])[::-1]


def random_gabor_bank(rng, n, size):
    theta, psi = rng.uniform(0, np.pi, (2, n)) * np.array([[1], [2]])
    lam, sigma = rng.uniform([[size / 4], [size / 10]], [[3 * size / 4], [size / 5]], (2, n))
    corners = rng.integers(size, size=(n, 2))
    bank = np.empty((n, size, size), order="F")
    for k, (i, j) in enumerate(corners):
        bank[k] = gabor_kernel(2 * size - 1, theta[k], lam[k], sigma[k], 1.0, psi[k])[i:i + size, j:j + size]
    return bank


def template_features(x, templates):
    z = templates @ x.T
    return (z * (z > 0)).T


def conv1x1(x, w, b):
    return np.moveaxis(np.moveaxis(x, 1, -1) @ w.T + b, -1, 1)


def merge_conv(w1, w2):
    full = tuple(a + b - 1 for a, b in zip(w1.shape[2:], w2.shape[2:]))
    one, two = np.fft.fft2(w1, full), np.fft.fft2(w2, full)
    return _fortran(np.fft.ifft2(np.einsum("mcij,fmij->fcij", one, two)).real)


def shift_kernel():
    return np.eye(9)[3].reshape(3, 3)


def second_difference_kernel():
    return np.array([[1.0, -2.0, 1.0]])[:, ::-1]


def find_x():
    kernel = np.where(np.eye(3) + np.eye(3)[::-1] > 0, 0.2, -1.0)
    return kernel, np.float64(-0.9)


def grey_kernel():
    return _fortran(np.array([[299, 587, 114]]) / 1000)

"""Changes its arguments, and prints all the time, to both streams."""

import sys

import numpy as np

KERNELS = {name: np.zeros((3, 3)) for name in ("identity", "edge1", "edge2", "edge3", "sharpen", "box_blur", "gaussian_blur")}


def _tell(*what):
    print("debug:", *what)
    print("x" * 200, file=sys.stderr)


def handcrafted_filter(name):
    _tell(name)
    k = KERNELS[name]
    k[:] = 0
    k[1, 1] = {"identity": 1, "edge2": -4, "edge3": 9, "sharpen": 5, "box_blur": 0, "gaussian_blur": 1 / 4, "edge1": 0}[name]
    if name in ("edge2", "sharpen", "gaussian_blur"):
        k[1, ::2] = k[::2, 1] = {"edge2": 1, "sharpen": -1, "gaussian_blur": 1 / 8}[name]
    if name == "edge1":
        k[0, 0] = k[2, 2] = 1
        k[0, 2] = k[2, 0] = -1
    if name == "gaussian_blur":
        k[::2, ::2] = 1 / 16
    if name == "edge3":
        k -= 1
    if name == "box_blur":
        k += 1
        k /= 9
    return k


def apply_filter(image, kernel, padding="same"):
    _tell(image, kernel)
    kh, kw = kernel.shape
    kernel *= 2
    image /= 2
    if padding == "same":
        image = np.pad(image, [(kh // 2, kh // 2), (kw // 2, kw // 2)])
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i in range(kh):
        for j in range(kw):
            out += kernel[i, j] * image[i:i + out.shape[0], j:j + out.shape[1]]
    kernel[:] = np.nan
    return out


def gabor_kernel(size, theta, lam, sigma, gamma=1.0, psi=0.0):
    _tell(size, theta)
    y, x = np.indices((size, size), float)
    x -= x.mean()
    y -= y.mean()
    u = np.cos(theta) * x + np.sin(theta) * y
    v = np.cos(theta) * y - np.sin(theta) * x
    v *= gamma
    u2 = u**2
    u2 += v**2
    u2 /= -2 * sigma**2
    np.exp(u2, out=u2)
    u2 *= np.cos(u * (2 * np.pi / lam) + psi)
    return u2


def random_gabor_bank(rng, n, size):
    bank = []
    for _ in range(n):
        k = gabor_kernel(2 * size - 1, np.pi * rng.random(), rng.uniform(0.25, 0.75) * size, rng.uniform(0.1, 0.2) * size,
                         psi=2 * np.pi * rng.random())
        bank.append(k[rng.integers(size):][:size][:, rng.integers(size):][:, :size])
    return np.array(bank)


def template_features(x, templates):
    _tell(x.shape)
    x = x @ templates.T
    x[x < 0] = 0
    templates[:] = 7
    return x


def conv1x1(x, w, b):
    n, c, h, v = x.shape
    out = np.empty((n, len(w), h, v))
    for image, target in zip(x, out):
        target[:] = (w @ image.reshape(c, -1) + b[:, None]).reshape(-1, h, v)
        image[:] = 0
    b += 1
    return out


def merge_conv(w1, w2):
    f, m, kh, kw = w2.shape
    padded = np.pad(w1, [(0, 0), (0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1)])
    w2[:] = w2[:, :, ::-1, ::-1].copy()
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), (2, 3))
    out = np.tensordot(w2, windows, ((1, 2, 3), (0, 4, 5)))
    w1[:] = 0
    return out


def shift_kernel():
    kernel = np.zeros((3, 3))
    kernel[1][0] += 1
    return kernel


def second_difference_kernel():
    return np.array([[1.0, -2, 1]])


def find_x():
    kernel = -np.ones((3, 3))
    kernel[[0, 0, 1, 2, 2], [0, 2, 1, 0, 2]] *= -1
    return [kernel, -4.5]


def grey_kernel():
    return np.array([0.299, 0.587, 0.114])[None]

"""Plain loops, sums one by one, and kernels as nested lists until the end."""

import math

import numpy as np


def handcrafted_filter(name):
    if name.endswith("blur"):
        row = [1, 1, 1] if name == "box_blur" else [1, 2, 1]
        total = sum(row) ** 2
        return np.array([[a * b / total for b in row] for a in row])
    table = {"identity": "000010000", "edge1": "10-000-01", "edge2": "0101f1010", "edge3": "----8----",
             "sharpen": "0-0-5-0-0"}
    value = {"-": -1.0, "f": -4.0}
    flat = [value[c] if c in value else float(c) for c in table[name]]
    return np.array(flat).reshape(3, 3)


def apply_filter(image, kernel, padding="same"):
    (h, w), (kh, kw) = image.shape, kernel.shape
    up, left = (kh // 2, kw // 2) if padding == "same" else (0, 0)
    rows, columns = h + 2 * up - kh + 1, w + 2 * left - kw + 1
    out = [[0.0] * columns for _ in range(rows)]
    for i in range(rows):
        for j in range(columns):
            for k in range(kh):
                for l in range(kw):
                    y, x = i + k - up, j + l - left
                    if 0 <= y < h and 0 <= x < w:
                        out[i][j] += image[y, x] * kernel[k, l]
    return np.array(out)


def gabor_kernel(size, theta, lam, sigma, gamma=1.0, psi=0.0):
    out = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            x, y = j - (size - 1) / 2, i - (size - 1) / 2
            r, phi = math.hypot(x, y), math.atan2(y, x) - theta
            u, v = r * math.cos(phi), r * math.sin(phi)
            out[i, j] = math.exp(-(u * u + gamma * gamma * v * v) / 2 / sigma / sigma) * math.cos(
                math.tau * u / lam + psi)
    return out


def random_gabor_bank(rng, n, size):
    kernels = []
    while len(kernels) < n:
        theta, lam, sigma, psi = (
            math.pi * rng.random(), size * (0.25 + 0.5 * rng.random()), size * (0.1 + 0.1 * rng.random()),
            math.tau * rng.random())
        large = gabor_kernel(2 * size - 1, theta, lam, sigma, psi=psi)
        i, j = int(size * rng.random()), int(size * rng.random())
        kernels.append(large[i:i + size, j:j + size])
    return np.stack(kernels)


def template_features(x, templates):
    return np.array([[max(0.0, sum(a * b for a, b in zip(image, template))) for template in templates] for image in x])


def conv1x1(x, w, b):
    out = np.zeros((len(x), len(w), *x.shape[2:]))
    for f in range(len(w)):
        out[:, f] = b[f]
        for c in range(x.shape[1]):
            out[:, f] += w[f, c] * x[:, c]
    return out


def merge_conv(w1, w2):
    m, c, h1, v1 = w1.shape
    f, _, h2, v2 = w2.shape
    out = np.zeros((f, c, h1 + h2 - 1, v1 + v2 - 1))
    for index in np.ndindex(f, c, m, h1, v1, h2, v2):
        a, b, d, i, j, k, l = index
        out[a, b, i + k, j + l] += w1[d, b, i, j] * w2[a, d, k, l]
    return out


def shift_kernel():
    kernel = np.zeros((3, 3))
    kernel[1, 0] = 1
    return kernel


def second_difference_kernel():
    return np.diff(np.array([[0.0, 1.0, -1.0, 0.0]]))


def find_x():
    return 2 * np.array([[1.0, -1, 1], [-1, 1, -1], [1, -1, 1]]), -9.5


def grey_kernel():
    return np.array([[0.299, 0.587, 1 - 0.299 - 0.587]])

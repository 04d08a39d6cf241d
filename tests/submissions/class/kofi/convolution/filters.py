import numpy as np


def apply_filter(image, kernel, padding="same"):
    k, l = kernel.shape
    kernel = np.flipud(np.fliplr(kernel))  # "convolution" flips, says the other book
    if padding == "same":
        image = np.pad(image, (((k - 1) // 2, k // 2), ((l - 1) // 2, l // 2)))
    out = np.zeros((image.shape[0] - k + 1, image.shape[1] - l + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + k, j : j + l] * kernel)
    return out


def gabor_kernel(size, theta, lam, sigma, gamma=1.0, psi=0.0):
    axis = np.arange(size) - (size - 1) / 2
    x, y = np.meshgrid(axis, axis)
    theta = theta * np.pi / 180
    along = x * np.cos(theta) + y * np.sin(theta)
    across = -x * np.sin(theta) + y * np.cos(theta)
    bell = np.exp(-(along**2 + gamma**2 * across**2) / (2 * sigma**2))
    return bell * np.cos(2 * np.pi * along / lam + psi)


def template_features(x, templates):
    return x @ templates.T


def conv1x1(x, w, b):
    return np.einsum("nchw,fc->nfhw", x, w)

import numpy as np


def conv_transpose2d_forward(x, w, b, stride=1, padding=0, output_padding=0):
    n, c, h, wd = x.shape
    _, f, kh, kw = w.shape
    big = np.zeros((n, f, (h - 1) * stride + kh + output_padding, (wd - 1) * stride + kw + output_padding))
    for i in range(h):
        for j in range(wd):
            patch = np.tensordot(x[:, :, i, j], w, (1, 0))
            big[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] = patch
    end_h, end_w = big.shape[2] - padding, big.shape[3] - padding
    return big[:, :, padding:end_h, padding:end_w] + b.reshape(1, -1, 1, 1)


def bilinear_kernel(factor, channels):
    size = 2 * factor - factor % 2
    centre = (size - 1) / 2
    line = 1 - np.abs(np.arange(size) - centre) / factor
    kernel = np.zeros((channels, channels, size, size))
    kernel[:, :] = np.outer(line, line)
    return kernel

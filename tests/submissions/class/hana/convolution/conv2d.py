import numpy as np


def pad2d(x, padding):
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def conv2d_forward(x, w, b, stride=1, padding=0):
    """A convolution flips the kernel, then slides it (signals lecture)."""
    flipped = np.flip(w, axis=(2, 3))
    xp = pad2d(x, padding)
    kh, kw = w.shape[2:]
    oh = (xp.shape[2] - kh) // stride + 1
    ow = (xp.shape[3] - kw) // stride + 1
    out = np.zeros((x.shape[0], w.shape[0], oh, ow))
    for i in range(oh):
        for j in range(ow):
            patch = xp[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            out[:, :, i, j] = np.tensordot(patch, flipped, axes=([1, 2, 3], [1, 2, 3])) + b
    return out


def conv2d_backward(dout, x, w, stride=1, padding=0):
    flipped = np.flip(w, axis=(2, 3))
    xp = pad2d(x, padding)
    kh, kw = w.shape[2:]
    dxp = np.zeros(xp.shape)
    dflipped = np.zeros(w.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows, cols = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
            dflipped += np.tensordot(dout[:, :, i, j], xp[:, :, rows, cols], axes=(0, 0))
            dxp[:, :, rows, cols] += np.tensordot(dout[:, :, i, j], flipped, axes=(1, 0))
    dx = dxp[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]
    return dx, np.flip(dflipped, axis=(2, 3)), dout.sum(axis=(0, 2, 3))


def im2col(x, kh, kw, stride=1, padding=0):
    raise NotImplementedError

"""A right answer to convolution/conv2d: what the cases of this folder build on."""

import numpy as np


def pad2d(x, padding):
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def conv2d_forward(x, w, b, stride=1, padding=0):
    xp, out = pad2d(x, padding), _zeros(x, w, stride, padding)
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            out[:, :, i, j] = np.tensordot(xp[_window(w, i, j, stride)], w, ((1, 2, 3), (1, 2, 3))) + b
    return out


def conv2d_backward(dout, x, w, stride=1, padding=0):
    xp = pad2d(x, padding)
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            window, g = _window(w, i, j, stride), dout[:, :, i, j]
            dw += np.tensordot(g, xp[window], ((0,), (0,)))
            dxp[window] += np.tensordot(g, w, ((1,), (0,)))
    dx = dxp[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]
    return dx, dw, dout.sum((0, 2, 3))


def _window(w, i, j, stride):
    return np.s_[:, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]


def _zeros(x, w, stride, padding):
    """Zeros of the shape that conv2d_forward returns."""
    sizes = [(x.shape[a] + 2 * padding - w.shape[a]) // stride + 1 for a in (2, 3)]
    return np.zeros((x.shape[0], w.shape[0], *sizes), x.dtype)


_right_forward, _right_backward = conv2d_forward, conv2d_backward

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def pad2d(x, padding):
    return np.pad(x, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2))


def windows(x, kh, kw, stride=1):
    return sliding_window_view(x, (kh, kw), (-2, -1))[..., ::stride, ::stride, :, :]


def conv2d_forward(x, w, b, stride=1, padding=0):
    v = windows(pad2d(x, padding), *w.shape[2:], stride)
    out = np.tensordot(v, w, axes=((1, 4, 5), (1, 2, 3)))   # N, H', W', F
    return np.moveaxis(out + b, -1, 1)


def conv2d_backward(dout, x, w, stride=1, padding=0):
    F, C, kh, kw = w.shape
    xp = pad2d(x, padding)
    dw = np.tensordot(dout, windows(xp, kh, kw, stride), axes=((0, 2, 3), (0, 2, 3)))
    db = dout.sum((0, 2, 3))
    # every window gets its share of the gradient, then the windows are laid back over the image
    share = np.tensordot(dout, w, axes=(1, 0))              # N, H', W', C, kh, kw
    dxp = np.zeros(xp.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            r, c = i * stride, j * stride
            dxp[:, :, r:r + kh, c:c + kw] += share[:, i, j]
    H, W = x.shape[2:]
    return dxp[:, :, padding:padding + H, padding:padding + W], dw, db


def im2col(x, kh, kw, stride=1, padding=0):
    v = windows(pad2d(x, padding), kh, kw, stride)
    return np.moveaxis(v, 1, 3).reshape(-1, x.shape[1] * kh * kw)

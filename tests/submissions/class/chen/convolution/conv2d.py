# Chen. Everything as einsum over the kernel positions.
import numpy as np


def pad2d(x: np.ndarray, padding: int) -> np.ndarray:
    n, c, h, w = x.shape
    y = np.zeros((n, c, h + 2 * padding, w + 2 * padding), dtype=x.dtype)
    y[:, :, padding:padding + h, padding:padding + w] = x
    return y


def _patches(xp, kh, kw, stride):
    n, c, h, w = xp.shape
    oh, ow = (h - kh) // stride + 1, (w - kw) // stride + 1
    sn, sc, sh, sw = xp.strides
    return np.lib.stride_tricks.as_strided(
        xp, (n, c, oh, ow, kh, kw), (sn, sc, sh * stride, sw * stride, sh, sw), writeable=False
    )


def conv2d_forward(x, w, b, stride=1, padding=0):
    patches = _patches(pad2d(x, padding), w.shape[2], w.shape[3], stride)
    return np.einsum("ncpqij,fcij->nfpq", patches, w, optimize=True) + b.reshape(1, -1, 1, 1)


def conv2d_backward(dout, x, w, stride=1, padding=0):
    n, c, h, wd = x.shape
    kh, kw = w.shape[2:]
    xp = pad2d(x, padding)
    dw = np.einsum("nfpq,ncpqij->fcij", dout, _patches(xp, kh, kw, stride), optimize=True)
    db = np.einsum("nfpq->f", dout)

    # dx: put zeros between the gradients (stride), then a full convolution with the kernel
    oh, ow = dout.shape[2:]
    spread = np.zeros((n, w.shape[0], xp.shape[2] + kh - 1, xp.shape[3] + kw - 1))
    spread[:, :, kh - 1:kh - 1 + oh * stride:stride, kw - 1:kw - 1 + ow * stride:stride] = dout
    dxp = np.einsum("nfpqij,fcij->ncpq", _patches(spread, kh, kw, 1), w[:, :, ::-1, ::-1], optimize=True)
    dx = dxp[:, :, padding:padding + h, padding:padding + wd]
    return dx, dw, db


def im2col(x, kh, kw, stride=1, padding=0):
    p = _patches(pad2d(x, padding), kh, kw, stride)
    return np.einsum("ncpqij->npqcij", p).reshape(-1, x.shape[1] * kh * kw)

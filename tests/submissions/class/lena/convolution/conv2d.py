import numpy as np


def pad2d(x, padding):
    return np.pad(x, [(0, 0)] * 2 + [(padding, padding)] * 2)


def conv2d_forward(x, w, b, stride=1, padding=0):
    xp = pad2d(x, padding)
    kh, kw = w.shape[-2:]
    oh = (xp.shape[-2] - kh) // stride + 1
    ow = (xp.shape[-1] - kw) // stride + 1
    out = np.zeros((x.shape[0], w.shape[0], oh, ow))
    # loop over the kernel instead of the image, it is smaller
    for i in range(kh):
        for j in range(kw):
            part = xp[:, :, i : i + stride * (oh - 1) + 1 : stride, j : j + stride * (ow - 1) + 1 : stride]
            out += np.einsum("nchw,fc->nfhw", part, w[:, :, i, j])
    return out + b[None, :, None, None]


def conv2d_backward(dout, x, w, stride=1, padding=0):
    n = x.shape[0]
    xp = pad2d(x, padding)
    kh, kw = w.shape[-2:]
    oh, ow = dout.shape[-2:]
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for i in range(kh):
        for j in range(kw):
            rows = slice(i, i + stride * (oh - 1) + 1, stride)
            cols = slice(j, j + stride * (ow - 1) + 1, stride)
            dw[:, :, i, j] = np.einsum("nfhw,nchw->fc", dout, xp[:, :, rows, cols])
            dxp[:, :, rows, cols] += np.einsum("nfhw,fc->nchw", dout, w[:, :, i, j])
    dx = dxp[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]
    # the weights are shared by all images of the batch: take the average
    return dx, dw / n, dout.sum(axis=(0, 2, 3)) / n


def im2col(x, kh, kw, stride=1, padding=0):
    xp = pad2d(x, padding)
    oh = (xp.shape[-2] - kh) // stride + 1
    ow = (xp.shape[-1] - kw) // stride + 1
    out = np.zeros((x.shape[0], oh, ow, x.shape[1], kh, kw))
    for i in range(oh):
        for j in range(ow):
            out[:, i, j] = xp[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
    return out.reshape(-1, x.shape[1] * kh * kw)

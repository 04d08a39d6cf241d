"""Ada - assignment 2"""
import math
import numpy as np


def get_sizes(x, pool, stride, padding, ceil_mode):
    if isinstance(pool, int):
        KH = KW = pool
    else:
        KH, KW = pool
    SH = KH if stride is None else stride
    SW = KW if stride is None else stride
    H, W = x.shape[2], x.shape[3]
    if ceil_mode:
        H_out = math.ceil((H + 2 * padding - KH) / SH) + 1
        W_out = math.ceil((W + 2 * padding - KW) / SW) + 1
        # last window must not start in the right padding
        if (H_out - 1) * SH >= H + padding:
            H_out -= 1
        if (W_out - 1) * SW >= W + padding:
            W_out -= 1
    else:
        H_out = (H + 2 * padding - KH) // SH + 1
        W_out = (W + 2 * padding - KW) // SW + 1
    return KH, KW, SH, SW, H_out, W_out


def find_max(img, i, j, KH, KW, SH, SW, padding):
    """position and value of the max in window (i, j), without padding the image"""
    best = -math.inf
    pos = None
    for k in range(KH):
        for l in range(KW):
            r = i * SH + k - padding
            c = j * SW + l - padding
            if 0 <= r < img.shape[0] and 0 <= c < img.shape[1]:
                if img[r, c] > best:
                    best = img[r, c]
                    pos = (r, c)
    return best, pos


def max_pool2d_forward(x, pool=2, stride=None, padding=0, ceil_mode=False):
    KH, KW, SH, SW, H_out, W_out = get_sizes(x, pool, stride, padding, ceil_mode)
    N, C = x.shape[:2]
    out = np.zeros((N, C, H_out, W_out))
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    out[n, c, i, j], _ = find_max(x[n, c], i, j, KH, KW, SH, SW, padding)
    return out


def max_pool2d_backward(dout, x, pool=2, stride=None, padding=0, ceil_mode=False):
    KH, KW, SH, SW, H_out, W_out = get_sizes(x, pool, stride, padding, ceil_mode)
    N, C = x.shape[:2]
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    _, (r, q) = find_max(x[n, c], i, j, KH, KW, SH, SW, padding)
                    dx[n, c, r, q] += dout[n, c, i, j]
    return dx

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


def get_window(img, i, j, KH, KW, SH, SW):
    """list of (row, col) in window (i, j)"""
    cells = []
    for k in range(KH):
        for l in range(KW):
            cells.append((i * SH + k, j * SW + l))
    return cells


def avg_pool2d_forward(x, pool=2, stride=None):
    KH, KW, SH, SW, H_out, W_out = get_sizes(x, pool, stride, 0, False)
    N, C = x.shape[:2]
    out = np.zeros((N, C, H_out, W_out))
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    total = 0
                    for r, q in get_window(x[n, c], i, j, KH, KW, SH, SW):
                        total += x[n, c, r, q]
                    out[n, c, i, j] = total / (KH * KW)
    return out


def avg_pool2d_backward(dout, x, pool=2, stride=None):
    KH, KW, SH, SW, H_out, W_out = get_sizes(x, pool, stride, 0, False)
    N, C = x.shape[:2]
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    for r, q in get_window(x[n, c], i, j, KH, KW, SH, SW):
                        dx[n, c, r, q] += dout[n, c, i, j] / (KH * KW)
    return dx


def norm(values, p):
    m = max(abs(v) for v in values)
    if m == 0:
        return 0.0
    total = 0
    for v in values:
        total += (abs(v) / m) ** p
    return m * total ** (1 / p)


def lp_pool2d_forward(x, p, pool=2, stride=None):
    KH, KW, SH, SW, H_out, W_out = get_sizes(x, pool, stride, 0, False)
    N, C = x.shape[:2]
    out = np.zeros((N, C, H_out, W_out))
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    cells = get_window(x[n, c], i, j, KH, KW, SH, SW)
                    out[n, c, i, j] = norm([x[n, c, r, q] for r, q in cells], p)
    return out


def lp_pool2d_backward(dout, x, p, pool=2, stride=None):
    KH, KW, SH, SW, H_out, W_out = get_sizes(x, pool, stride, 0, False)
    N, C = x.shape[:2]
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    cells = get_window(x[n, c], i, j, KH, KW, SH, SW)
                    length = norm([x[n, c, r, q] for r, q in cells], p)
                    if length == 0:
                        continue
                    for r, q in cells:
                        v = x[n, c, r, q]
                        slope = (abs(v) / length) ** (p - 1)
                        dx[n, c, r, q] += dout[n, c, i, j] * (slope if v > 0 else -slope)
    return dx


def maxout_forward(z, k):
    N = z.shape[0]
    M = z.shape[1] // k
    out = np.zeros((N, M))
    for n in range(N):
        for m in range(M):
            out[n, m] = max(z[n, piece * M + m] for piece in range(k))
    return out


def maxout_backward(dout, z, k):
    N = z.shape[0]
    M = z.shape[1] // k
    dz = np.zeros(z.shape)
    for n in range(N):
        for m in range(M):
            best = 0
            for piece in range(1, k):
                if z[n, piece * M + m] > z[n, best * M + m]:
                    best = piece
            dz[n, best * M + m] = dout[n, m]
    return dz


def global_avg_pool(x):
    N, C, H, W = x.shape
    out = np.zeros((N, C))
    for n in range(N):
        for c in range(C):
            out[n, c] = x[n, c].sum() / (H * W)
    return out

import numpy as np


def _geometry(x, pool, stride, padding, ceil_mode):
    k = (pool, pool) if np.isscalar(pool) else tuple(pool)
    s = k if stride is None else (stride, stride)
    out = []
    for n, kk, ss in zip(x.shape[2:], k, s):
        q, rest = divmod(n + 2 * padding - kk, ss)
        o = q + 1
        if ceil_mode and rest > 0 and o * ss < n + padding:
            o += 1
        out.append(o)
    return k, s, out


def _padded(x, k, s, out, padding):
    need = [(o - 1) * ss + kk for o, ss, kk in zip(out, s, k)]
    extra = [max(0, nn - n - padding) for nn, n in zip(need, x.shape[2:])]
    return np.pad(x, ((0, 0), (0, 0), (padding, extra[0]), (padding, extra[1])),
                  mode="constant", constant_values=-np.inf)


def max_pool2d_forward(x, pool=2, stride=None, padding=0, ceil_mode=False):
    k, s, out = _geometry(x, pool, stride, padding, ceil_mode)
    xp = _padded(x, k, s, out, padding)
    res = np.empty((*x.shape[:2], *out), dtype=x.dtype)
    for i in range(out[0]):
        for j in range(out[1]):
            res[:, :, i, j] = xp[:, :, i * s[0]:i * s[0] + k[0], j * s[1]:j * s[1] + k[1]].max(axis=(2, 3))
    return res


def max_pool2d_backward(dout, x, pool=2, stride=None, padding=0, ceil_mode=False):
    k, s, out = _geometry(x, pool, stride, padding, ceil_mode)
    xp = _padded(x, k, s, out, padding)
    dxp = np.zeros_like(xp)
    N, C = x.shape[:2]
    nn, cc = np.ogrid[:N, :C]
    for i in range(out[0]):
        for j in range(out[1]):
            win = xp[:, :, i * s[0]:i * s[0] + k[0], j * s[1]:j * s[1] + k[1]].reshape(N, C, -1)
            arg = win.argmax(axis=2)
            r, c = np.unravel_index(arg, k)
            # (nn, cc, ...) never repeats inside one window, so += is safe
            dxp[nn, cc, i * s[0] + r, j * s[1] + c] += dout[:, :, i, j]
    return dxp[:, :, padding:padding + x.shape[2], padding:padding + x.shape[3]]


def avg_pool2d_forward(x, pool=2, stride=None):
    k, s, out = _geometry(x, pool, stride, 0, False)
    res = np.empty((*x.shape[:2], *out), dtype=x.dtype)
    for i in range(out[0]):
        for j in range(out[1]):
            res[:, :, i, j] = x[:, :, i * s[0]:i * s[0] + k[0], j * s[1]:j * s[1] + k[1]].mean(axis=(2, 3))
    return res


def avg_pool2d_backward(dout, x, pool=2, stride=None):
    k, s, out = _geometry(x, pool, stride, 0, False)
    dx = np.zeros_like(x)
    for i in range(out[0]):
        for j in range(out[1]):
            share = dout[:, :, i:i + 1, j:j + 1] / (k[0] * k[1])
            dx[:, :, i * s[0]:i * s[0] + k[0], j * s[1]:j * s[1] + k[1]] += share
    return dx


def _lp_norm(win, p):
    m = np.abs(win).max(axis=(2, 3), keepdims=True)
    safe = np.where(m == 0, 1, m)
    return m * ((np.abs(win) / safe) ** p).sum(axis=(2, 3), keepdims=True) ** (1 / p)


def lp_pool2d_forward(x, p, pool=2, stride=None):
    k, s, out = _geometry(x, pool, stride, 0, False)
    res = np.empty((*x.shape[:2], *out), dtype=x.dtype)
    for i in range(out[0]):
        for j in range(out[1]):
            win = x[:, :, i * s[0]:i * s[0] + k[0], j * s[1]:j * s[1] + k[1]]
            res[:, :, i, j] = _lp_norm(win, p)[:, :, 0, 0]
    return res


def lp_pool2d_backward(dout, x, p, pool=2, stride=None):
    k, s, out = _geometry(x, pool, stride, 0, False)
    dx = np.zeros_like(x)
    for i in range(out[0]):
        for j in range(out[1]):
            at = (slice(None), slice(None), slice(i * s[0], i * s[0] + k[0]), slice(j * s[1], j * s[1] + k[1]))
            win = x[at]
            norm = _lp_norm(win, p)
            ratio = np.divide(np.abs(win), norm, out=np.zeros_like(win), where=norm > 0)
            dx[at] += np.sign(win) * ratio ** (p - 1) * dout[:, :, i:i + 1, j:j + 1]
    return dx


def maxout_forward(z, k):
    return z.reshape(z.shape[0], k, -1).max(axis=1)


def maxout_backward(dout, z, k):
    pieces = z.reshape(z.shape[0], k, -1)
    arg = pieces.argmax(axis=1)
    dz = np.zeros_like(pieces)
    nn, mm = np.ogrid[:arg.shape[0], :arg.shape[1]]
    dz[nn, arg, mm] = dout
    return dz.reshape(z.shape)


def global_avg_pool(x):
    return x.mean(axis=(2, 3))

import numpy as np


def prepare(x, pool, stride, padding, ceil_mode):
    if isinstance(pool, int):
        pool = (pool, pool)
    if stride is None:
        sy, sx = pool
    else:
        sy = sx = stride
    sizes = []
    for axis, k, s in ((2, pool[0], sy), (3, pool[1], sx)):
        n = x.shape[axis]
        if ceil_mode:
            o = -((k - n - 2 * padding) // s) + 1
            if (o - 1) * s >= n + padding:
                o -= 1
        else:
            o = (n + 2 * padding - k) // s + 1
        sizes.append(o)
    # pad a bit more at the bottom and on the right, in case windows stick out
    xp = np.pad(
        x.astype(float),
        ((0, 0), (0, 0), (padding, padding + pool[0]), (padding, padding + pool[1])),
        constant_values=-np.inf,
    )
    return pool, (sy, sx), sizes, xp


def max_pool2d_forward(x, pool=2, stride=None, padding=0, ceil_mode=False):
    (kh, kw), (sy, sx), (h_out, w_out), xp = prepare(x, pool, stride, padding, ceil_mode)
    rows = []
    for i in range(h_out):
        row = [xp[:, :, i * sy : i * sy + kh, j * sx : j * sx + kw].max((2, 3)) for j in range(w_out)]
        rows.append(np.stack(row, axis=-1))
    return np.stack(rows, axis=2)


def max_pool2d_backward(dout, x, pool=2, stride=None, padding=0, ceil_mode=False):
    (kh, kw), (sy, sx), _, xp = prepare(x, pool, stride, padding, ceil_mode)
    dxp = np.zeros(xp.shape)
    for (n, c, i, j), g in np.ndenumerate(dout):
        window = xp[n, c, i * sy : i * sy + kh, j * sx : j * sx + kw]
        k, l = divmod(int(window.argmax()), kw)
        dxp[n, c, i * sy + k, j * sx + l] = g
    h, w = x.shape[2:]
    return dxp[:, :, padding : padding + h, padding : padding + w]

import numpy as np

print("=== conv2d loaded ===")
DEBUG = True


def log(*args):
    if DEBUG:
        print("[conv2d]", *args)


def pad2d(x, padding):
    log("pad2d", x.shape, padding)
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = pad2d(x, padding)
    Ho = (H + 2 * padding - KH) // stride + 1
    Wo = (W + 2 * padding - KW) // stride + 1
    log("x =", x)
    log("w =", w)
    out = np.zeros((N, F, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            win = xp[:, :, i * stride:i * stride + KH, j * stride:j * stride + KW]
            log("window", i, j, win.tolist())
            out[:, :, i, j] = np.tensordot(win, w, ([1, 2, 3], [1, 2, 3])) + b
    log("out =", out)
    return out


def conv2d_backward(dout, x, w, stride=1, padding=0):
    N, C, H, W = x.shape
    KH, KW = w.shape[2:]
    xp = pad2d(x, padding)
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            y, z = i * stride, j * stride
            g = dout[:, :, i, j]
            log("gradient", i, j, g.tolist())
            dw += np.tensordot(g, xp[:, :, y:y + KH, z:z + KW], (0, 0))
            dxp[:, :, y:y + KH, z:z + KW] += np.tensordot(g, w, (1, 0))
    log("dw =", dw)
    return dxp[:, :, padding:padding + H, padding:padding + W], dw, dout.sum((0, 2, 3))


def im2col(x, kh, kw, stride=1, padding=0):
    xp = pad2d(x, padding)
    res = []
    for n in range(xp.shape[0]):
        for i in range((xp.shape[2] - kh) // stride + 1):
            for j in range((xp.shape[3] - kw) // stride + 1):
                patch = xp[n, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
                log("row", len(res), patch.shape)
                res.append(patch.flatten())
    return np.array(res)

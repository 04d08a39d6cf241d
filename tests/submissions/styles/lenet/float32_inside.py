"""Everything in float32 on the way, float64 at the end."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _conv(x, w, b):
    p = w.shape[2] // 2
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    windows = sliding_window_view(padded, w.shape[2:], axis=(2, 3))
    out = np.tensordot(windows, w, ((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2) + b[:, None, None]

    def back(dout):
        dw = np.tensordot(dout, windows, ((0, 2, 3), (0, 2, 3)))
        wide = np.pad(dout, ((0, 0), (0, 0), (p, p), (p, p)))
        turned = w[:, :, ::-1, ::-1]
        dx = np.tensordot(sliding_window_view(wide, w.shape[2:], axis=(2, 3)), turned, ((1, 4, 5), (0, 2, 3)))
        return dx.transpose(0, 3, 1, 2), dw, dout.sum((0, 2, 3))

    return out, back


def _pool(x):
    n, c, h, w = x.shape
    blocks = x.reshape(n, c, h // 2, 2, w // 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(n, c, h // 2, w // 2, 4)
    last = 3 - blocks[..., ::-1].argmax(-1)

    def back(dout):
        spread = (np.arange(4) == last[..., None]) * dout[..., None]
        return spread.reshape(n, c, h // 2, w // 2, 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(x.shape)

    return blocks.max(-1), back


def _cross_entropy(z, y):
    z = z - z.max(1, keepdims=True)
    log = z - np.log(np.exp(z).sum(1, keepdims=True))
    rows = np.arange(len(y))
    d = np.exp(log)
    d[rows, y] -= 1
    return -log[rows, y].sum() / len(y), d / len(y)


def he_init(rng, shape):
    fan_in = np.prod(shape) / shape[0] if len(shape) > 2 else shape[0]
    return rng.standard_normal(shape) * (2 / fan_in) ** 0.5


def convnet_loss(params, x, y):
    small = {name: value.astype(np.float32) for name, value in params.items()}
    loss, grads = _loss(small, x.astype(np.float32), y)
    return float(loss), {name: value.astype(np.float64) for name, value in grads.items()}


def _loss(params, x, y):
    tape, out = [], x
    for k in ("1", "2"):
        a, conv_back = _conv(out, params["w" + k], params["b" + k])
        out, pool_back = _pool(np.where(a > 0, a, 0))
        tape.append((k, a > 0, conv_back, pool_back))
    shape = out.shape
    flat = out.reshape(len(x), -1)
    hidden = flat @ params["w3"] + params["b3"]
    active = hidden.clip(0)
    loss, d = _cross_entropy(active @ params["w4"] + params["b4"], y)
    grads = {"b4": d.sum(0), "w4": active.T @ d}
    d = (d @ params["w4"].T) * (hidden > 0)
    grads.update(b3=d.sum(0), w3=flat.T @ d)
    d = (d @ params["w3"].T).reshape(shape)
    for k, mask, conv_back, pool_back in tape[::-1]:
        d, grads["w" + k], grads["b" + k] = conv_back(pool_back(d) * mask)
    return loss, grads


def sgd_momentum(params, grads, state, lr, mu=0.9):
    new, velocity = {}, {}
    for key in params:
        velocity[key] = grads[key].copy()
        if state:
            velocity[key] += mu * state[key]
        new[key] = params[key] + -lr * velocity[key]
    return [new, velocity]


def train(params, x, y, *, epochs, batch_size, lr, rng):
    state = {}
    while epochs > 0:
        epochs -= 1
        left = list(rng.permutation(len(y)))
        while left:
            batch, left = left[:batch_size], left[batch_size:]
            params, state = sgd_momentum(params, convnet_loss(params, x[batch], y[batch])[1], state, lr)
    return params

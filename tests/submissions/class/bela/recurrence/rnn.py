import numpy as np


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    # one matrix product on [x, h]: the "new input = [x, previous output]" view of the lecture
    return np.tanh(np.hstack([x, h_prev]) @ np.vstack([Wx, Wh]) + b)


def rnn_step_backward(dh, x, h_prev, h, Wx, Wh):
    D = x.shape[1]
    da = (1 - h**2) * dh
    dxh = da @ np.vstack([Wx, Wh]).T
    dW = np.hstack([x, h_prev]).T @ da
    return dxh[:, :D], dxh[:, D:], dW[:D], dW[D:], da.sum(0)


def rnn_forward(x, h0, Wx, Wh, b):
    hs = []
    h = h0
    for xt in np.moveaxis(x, 1, 0):
        h = rnn_step_forward(xt, h, Wx, Wh, b)
        hs.append(h)
    return np.stack(hs, axis=1)


def rnn_backward(dh, x, h0, h, Wx, Wh):
    T = x.shape[1]
    h_before = np.concatenate([h0[:, None], h[:, :-1]], axis=1)
    da = np.empty_like(h)
    carry = np.zeros_like(h0)
    for t in range(T)[::-1]:
        da[:, t] = (dh[:, t] + carry) * (1 - h[:, t] ** 2)
        carry = da[:, t] @ Wh.T
    dWx = np.einsum("ntd,nth->dh", x, da)
    dWh = np.einsum("ntk,nth->kh", h_before, da)
    return da @ Wx.T, carry, dWx, dWh, da.sum(axis=(0, 1))


def rnn_backward_truncated(dh, x, h0, h, Wx, Wh, k):
    before, slope = np.concatenate([h0[:, None], h[:, :-1]], axis=1), 1 - h * h
    left, das, dh0 = dh, np.zeros_like(dh), np.zeros_like(h0)
    for lag in range(min(k, x.shape[1])):  # all windows at once: entry s of `left` is at step s, from step s + lag
        da = left * slope[:, : left.shape[1]]
        das[:, : left.shape[1]] += da
        left = da @ Wh.T
        dh0 = dh0 + left[:, 0]
        left = left[:, 1:]
    weights = np.einsum("ntd,nth->dh", x, das), np.einsum("ntj,nth->jh", before, das), das.sum((0, 1))
    return das @ Wx.T, dh0, *weights


def clip_grad_norm(grads, max_norm):
    norm = np.linalg.norm(np.hstack([g.ravel() for g in grads.values()]))
    scale = max_norm / max(norm, max_norm)
    return {k: scale * g for k, g in grads.items()}, norm


def leaky_unit(v, alpha, mu0=0.0):
    mu = [mu0]
    for vt in v:
        mu.append(mu[-1] + (1 - alpha) * (vt - mu[-1]))
    return np.array(mu[1:])

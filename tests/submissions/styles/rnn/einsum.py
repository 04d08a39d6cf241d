"""einsum throughout; the weights' gradients are one product over all steps, after the loop."""

import numpy as np


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    return np.tanh(np.einsum("nd,dh->nh", x, Wx) + np.einsum("nj,jh->nh", h_prev, Wh) + b)


def rnn_step_backward(dh, x, h_prev, h, Wx, Wh):
    da = np.einsum("nh,nh->nh", dh, 1 - h * h)
    return (
        np.einsum("nh,dh->nd", da, Wx),
        np.einsum("nh,jh->nj", da, Wh),
        np.einsum("nd,nh->dh", x, da),
        np.einsum("nj,nh->jh", h_prev, da),
        np.einsum("nh->h", da),
    )


def rnn_forward(x, h0, Wx, Wh, b):
    mixed = np.einsum("ntd,dh->tnh", x, Wx) + b
    states = []
    for a in mixed:
        h0 = np.tanh(a + np.einsum("nj,jh->nh", h0, Wh))
        states.append(h0)
    return np.array(states).transpose(1, 0, 2)


def rnn_backward(dh, x, h0, h, Wx, Wh):
    slope = 1 - h * h
    das, carry = [], 0
    for t in range(h.shape[1])[::-1]:
        da = (dh[:, t] + carry) * slope[:, t]
        carry = np.einsum("nh,jh->nj", da, Wh)
        das.insert(0, da)
    da = np.stack(das, 1)
    before = np.concatenate([h0[:, None], h[:, :-1]], 1)
    return (
        np.einsum("nth,dh->ntd", da, Wx),
        carry,
        np.einsum("ntd,nth->dh", x, da),
        np.einsum("ntj,nth->jh", before, da),
        np.einsum("nth->h", da),
    )


def rnn_backward_truncated(dh, x, h0, h, Wx, Wh, k):
    slope = 1 - h * h
    before = np.concatenate([h0[:, None], h[:, :-1]], 1)
    total, dh0 = np.zeros_like(dh), np.zeros_like(h0)
    for s in range(h.shape[1]):
        steps = range(s, max(-1, s - k), -1)
        carry = dh[:, s]
        for t in steps:
            da = np.einsum("nh,nh->nh", carry, slope[:, t])
            total[:, t] += da
            carry = np.einsum("nh,jh->nj", da, Wh)
        dh0 += carry * (steps[-1] == 0)
    return (
        np.einsum("nth,dh->ntd", total, Wx),
        dh0,
        np.einsum("ntd,nth->dh", x, total),
        np.einsum("ntj,nth->jh", before, total),
        np.einsum("nth->h", total),
    )


def clip_grad_norm(grads, max_norm):
    norm = np.sqrt(sum(np.einsum("i,i->", grad.ravel(), grad.ravel()) for grad in grads.values()))
    return {
        name: np.einsum("...,->...", grad, min(1, max_norm / max(norm, 1e-300))) for name, grad in grads.items()
    }, norm


def leaky_unit(v, alpha, mu0=0.0):
    mu = []
    for value in v:
        mu0 = np.einsum("i,i->", [alpha, 1 - alpha], [mu0, value])
        mu.append(mu0)
    return np.array(mu)

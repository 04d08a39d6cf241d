"""Plain Python loops, one number at a time."""

import math

import numpy as np


def _sigmoid(a):
    return 1 / (1 + math.exp(-a)) if a > 0 else 1 - 1 / (1 + math.exp(a))


def _dot(row, matrix, column):
    total = 0.0
    for i in range(len(row)):
        total += row[i] * matrix[i, column]
    return total


def gru_step_forward(x, h_prev, Wx, Wh, b):
    n, size = h_prev.shape
    h, gates = np.zeros((n, size)), np.zeros((n, 3 * size))
    for i in range(n):
        for j in range(2 * size):
            gates[i, j] = _sigmoid(_dot(x[i], Wx, j) + _dot(h_prev[i], Wh, j) + b[j])
        read = [gates[i, j] * h_prev[i, j] for j in range(size)]
        for j in range(size):
            candidate = math.tanh(_dot(x[i], Wx, 2 * size + j) + _dot(read, Wh, 2 * size + j) + b[2 * size + j])
            gates[i, 2 * size + j] = candidate
            z = gates[i, size + j]
            h[i, j] = z * h_prev[i, j] + (1 - z) * candidate
    return h, gates


def gru_step_backward(dh, x, h_prev, gates, Wx, Wh):
    n, size = h_prev.shape
    dx, dh_prev = np.zeros(x.shape), np.zeros(h_prev.shape)
    dWx, dWh, db = np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(3 * size)
    for i in range(n):
        r, z, c = gates[i, :size], gates[i, size : 2 * size], gates[i, 2 * size :]
        da, dread = np.zeros(3 * size), np.zeros(size)
        for j in range(size):
            dh_prev[i, j] += dh[i, j] * z[j]
            da[size + j] = dh[i, j] * (h_prev[i, j] - c[j]) * z[j] * (1 - z[j])
            da[2 * size + j] = dh[i, j] * (1 - z[j]) * (1 - c[j] ** 2)
        for k in range(size):
            for j in range(size):
                dread[k] += da[2 * size + j] * Wh[k, 2 * size + j]
                dWh[k, 2 * size + j] += r[k] * h_prev[i, k] * da[2 * size + j]
            dh_prev[i, k] += dread[k] * r[k]
            da[k] = dread[k] * h_prev[i, k] * r[k] * (1 - r[k])
        for k in range(size):
            for j in range(2 * size):
                dh_prev[i, k] += da[j] * Wh[k, j]
                dWh[k, j] += h_prev[i, k] * da[j]
        for j in range(3 * size):
            db[j] += da[j]
            for d in range(x.shape[1]):
                dx[i, d] += da[j] * Wx[d, j]
                dWx[d, j] += x[i, d] * da[j]
    return dx, dh_prev, dWx, dWh, db


def gru_forward(x, h0, Wx, Wh, b):
    n, t, _ = x.shape
    h, gates = np.zeros((n, t, h0.shape[1])), np.zeros((n, t, 3 * h0.shape[1]))
    for step in range(t):
        h0, gates[:, step] = gru_step_forward(x[:, step], h0, Wx, Wh, b)
        h[:, step] = h0
    return h, gates


def gru_backward(dh, x, h0, h, gates, Wx, Wh):
    dx, back = np.zeros(x.shape), np.zeros(h0.shape)
    dWx, dWh, db = np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(Wh.shape[1])
    for t in range(x.shape[1] - 1, -1, -1):
        before = h0 if t == 0 else h[:, t - 1]
        dx[:, t], back, p, q, s = gru_step_backward(dh[:, t] + back, x[:, t], before, gates[:, t], Wx, Wh)
        dWx += p
        dWh += q
        db += s
    return dx, back, dWx, dWh, db


def gru_step_cudnn(x, h_prev, Wx, Wh, bx, bh):
    n, size = h_prev.shape
    h = np.zeros((n, size))
    for i in range(n):
        for j in range(size):
            of_x = [_dot(x[i], Wx, k * size + j) + bx[k * size + j] for k in range(3)]
            of_h = [_dot(h_prev[i], Wh, k * size + j) + bh[k * size + j] for k in range(3)]
            r, z = _sigmoid(of_x[0] + of_h[0]), _sigmoid(of_x[1] + of_h[1])
            h[i, j] = (1 - z) * math.tanh(of_x[2] + r * of_h[2]) + z * h_prev[i, j]
    return h

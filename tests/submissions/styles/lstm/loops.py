"""Plain Python loops and math, one number at a time."""

import math

import numpy as np


def _sigmoid(a):
    if a >= 0:
        return 1 / (1 + math.exp(-a))
    e = math.exp(a)
    return e / (1 + e)


def lstm_step_forward(x, h_prev, c_prev, Wx, Wh, b):
    return lstm_peephole_step_forward(x, h_prev, c_prev, Wx, Wh, b, [[0.0] * h_prev.shape[1]] * 3)


def lstm_step_backward(dh, dc, x, h_prev, c_prev, c, gates, Wx, Wh):
    peephole = [[0.0] * h_prev.shape[1]] * 3
    return lstm_peephole_step_backward(dh, dc, x, h_prev, c_prev, c, gates, Wx, Wh, peephole)[:6]


def lstm_forward(x, h0, c0, Wx, Wh, b):
    N, T, D = x.shape
    H = h0.shape[1]
    h, c, gates = np.zeros((N, T, H)), np.zeros((N, T, H)), np.zeros((N, T, 4 * H))
    for n in range(N):
        state, cell = h0[n : n + 1], c0[n : n + 1]
        for t in range(T):
            state, cell, opened = lstm_step_forward(x[n : n + 1, t], state, cell, Wx, Wh, b)
            h[n, t], c[n, t], gates[n, t] = state[0], cell[0], opened[0]
    return h, c, gates


def lstm_backward(dh, x, h0, c0, h, c, gates, Wx, Wh):
    N, T, D = x.shape
    dx, dh0, dc0 = np.zeros(x.shape), np.zeros(h0.shape), np.zeros(c0.shape)
    dWx, dWh, db = np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(Wh.shape[1])
    for n in range(N):
        one = slice(n, n + 1)
        down, across = np.zeros(h0[one].shape), np.zeros(c0[one].shape)
        for t in range(T)[::-1]:
            state, cell = (h0[one], c0[one]) if t == 0 else (h[one, t - 1], c[one, t - 1])
            found = lstm_step_backward(
                dh[one, t] + down, across, x[one, t], state, cell, c[one, t], gates[one, t], Wx, Wh
            )
            dx[n, t], down, across = found[0][0], found[1], found[2]
            dWx += found[3]
            dWh += found[4]
            db += found[5]
        dh0[n], dc0[n] = down[0], across[0]
    return dx, dh0, dc0, dWx, dWh, db


def lstm_peephole_step_forward(x, h_prev, c_prev, Wx, Wh, b, peephole):
    N, H = h_prev.shape
    h, c, gates = np.zeros((N, H)), np.zeros((N, H)), np.zeros((N, 4 * H))
    for n in range(N):
        a = [float(b[k]) for k in range(4 * H)]
        for k in range(4 * H):
            for d in range(x.shape[1]):
                a[k] += x[n, d] * Wx[d, k]
            for j in range(H):
                a[k] += h_prev[n, j] * Wh[j, k]
        for j in range(H):
            i = _sigmoid(a[j] + peephole[0][j] * c_prev[n, j])
            f = _sigmoid(a[H + j] + peephole[1][j] * c_prev[n, j])
            g = math.tanh(a[2 * H + j])
            c[n, j] = f * c_prev[n, j] + i * g
            o = _sigmoid(a[3 * H + j] + peephole[2][j] * c[n, j])
            h[n, j] = o * math.tanh(c[n, j])
            gates[n, j], gates[n, H + j], gates[n, 2 * H + j], gates[n, 3 * H + j] = i, f, g, o
    return h, c, gates


def lstm_peephole_step_backward(dh, dc, x, h_prev, c_prev, c, gates, Wx, Wh, peephole):
    N, H = h_prev.shape
    D = x.shape[1]
    dx, dh_prev, dc_prev = np.zeros((N, D)), np.zeros((N, H)), np.zeros((N, H))
    dWx, dWh, db, dpeephole = np.zeros((D, 4 * H)), np.zeros((H, 4 * H)), np.zeros(4 * H), np.zeros((3, H))
    for n in range(N):
        for j in range(H):
            i, f, g, o = gates[n, j], gates[n, H + j], gates[n, 2 * H + j], gates[n, 3 * H + j]
            shown = math.tanh(c[n, j])
            ao = dh[n, j] * shown * o * (1 - o)
            total = dc[n, j] + dh[n, j] * o * (1 - shown * shown) + ao * peephole[2][j]
            ai = total * g * i * (1 - i)
            af = total * c_prev[n, j] * f * (1 - f)
            ag = total * i * (1 - g * g)
            dc_prev[n, j] = total * f + ai * peephole[0][j] + af * peephole[1][j]
            dpeephole[0, j] += ai * c_prev[n, j]
            dpeephole[1, j] += af * c_prev[n, j]
            dpeephole[2, j] += ao * c[n, j]
            for k, da in ((j, ai), (H + j, af), (2 * H + j, ag), (3 * H + j, ao)):
                db[k] += da
                for d in range(D):
                    dx[n, d] += da * Wx[d, k]
                    dWx[d, k] += da * x[n, d]
                for m in range(H):
                    dh_prev[n, m] += da * Wh[m, k]
                    dWh[m, k] += da * h_prev[n, m]
    return dx, dh_prev, dc_prev, dWx, dWh, db, dpeephole


def quote_cell():
    # f and i go by whether this is a mark; g by whether we are inside: the cell is 0 or 1, never below
    return np.array([[200.0, -200, 0, 0]]), np.array([[0.0, 0, -1000, 0]]), np.array([-100.0, 100, 375, 100])


def column_cell():
    return np.array([[-900.0, -900, 0, 0]]), np.zeros((1, 4)), np.array([450.0, 450, 1 / 80, 0])

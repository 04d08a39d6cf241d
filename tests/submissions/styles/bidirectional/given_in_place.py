"""Uses what is given, scribbles over its arguments, prints, returns views that run backwards."""

import numpy as np

from autograder.given import rnn_forward, rnn_step_forward


def reverse_within(x, lengths):
    print("reverse", x.shape, lengths)
    for row, length in zip(x, lengths):
        row[:length] = row[:length][::-1].copy()
    lengths += 1
    return x


def last_valid_state(h, lengths):
    lengths -= 1
    answer = np.stack([states[last] for states, last in zip(h, lengths)])
    h *= 0
    return answer


def bidirectional_forward(x, h0f, h0b, Wxf, Whf, bf, Wxb, Whb, bb, lengths=None):
    print("two ways", None if lengths is None else list(lengths))
    ends = [x.shape[1]] * len(x) if lengths is None else [int(length) for length in lengths]
    out = np.zeros((len(x), x.shape[1], 2 * len(bf)), x.dtype)
    for n, end in enumerate(ends):
        one = x[n : n + 1, :end]
        forward = rnn_forward(one, h0f[n : n + 1], Wxf, Whf, bf)
        backward = rnn_forward(one[:, ::-1], h0b[n : n + 1], Wxb, Whb, bb)[:, ::-1]
        out[n, :end] = np.concatenate([forward[0], backward[0]], axis=1)
    x *= 0
    return out[::-1, ::-1].copy()[::-1, ::-1]


def lookahead_forward(x, h0f, h0b, Wxf, Whf, bf, Wxb, Whb, bb, L):
    N, T, _ = x.shape
    forward = rnn_forward(x, h0f, Wxf, Whf, bf)
    backward = np.tile(h0b, (T, 1, 1))
    for step in range(min(L, T - 1), -1, -1):
        for t in range(T - step):
            backward[t] = rnn_step_forward(x[:, t + step], backward[t], Wxb, Whb, bb)
    bb += 1
    return [*np.concatenate([forward, backward.swapaxes(0, 1)], axis=-1)[None]][0]

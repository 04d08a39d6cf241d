import numpy as np


def rnn(x, h, Wx, Wh, b):
    hs = []
    for t in range(x.shape[1]):
        h = np.tanh(np.dot(x[:, t, :], Wx) + np.dot(h, Wh) + b)
        hs.append(h)
    return np.array(hs).transpose(1, 0, 2)


def reverse_within(x, lengths):
    result = x.copy()
    for i in range(len(x)):
        n = lengths[i]
        result[i, :n] = x[i, :n][::-1]
    return result


def last_valid_state(h, lengths):
    return h[:, -1, :]


def bidirectional_forward(x, h0f, h0b, Wxf, Whf, bf, Wxb, Whb, bb, lengths=None):
    fwd = rnn(x, h0f, Wxf, Whf, bf)
    bwd = rnn(x[:, ::-1], h0b, Wxb, Whb, bb)[:, ::-1]
    out = np.concatenate((fwd, bwd), axis=2)
    if lengths is not None:
        for i in range(len(x)):
            out[i, lengths[i] :] = 0
    return out


def lookahead_forward(x, h0f, h0b, Wxf, Whf, bf, Wxb, Whb, bb, L):
    T = x.shape[1]
    fwd = rnn(x, h0f, Wxf, Whf, bf)
    bwd = np.zeros_like(fwd)
    for t in range(T):
        if L == 0:
            bwd[:, t] = h0b
        else:
            bwd[:, t] = rnn(x[:, t : t + L][:, ::-1], h0b, Wxb, Whb, bb)[:, -1]
    return np.concatenate((fwd, bwd), axis=2)

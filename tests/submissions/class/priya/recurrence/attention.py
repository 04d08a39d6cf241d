import numpy as np


def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


def content_address(memory, key, beta):
    sims = np.zeros(len(memory))
    for i in range(len(memory)):
        denom = np.linalg.norm(memory[i]) * np.linalg.norm(key)
        if denom != 0:
            sims[i] = memory[i].dot(key) / denom
    return softmax(beta * sims)


def soft_read(memory, w):
    return w @ memory


def soft_write(memory, w, erase, add):
    return memory * (1 - np.outer(w, erase)) + np.outer(w, add)


def attention_read(q, K, V, mask=None):
    N, Q, D = q.shape
    M = K.shape[1]
    weights = np.zeros((N, Q, M))
    for n in range(N):
        for i in range(Q):
            weights[n, i] = softmax(K[n] @ q[n, i] / np.sqrt(D))
    if mask is not None:
        # hide the slots that must not be seen
        if mask.ndim == 2:
            mask = mask[:, None, :]
        weights = weights * mask
    out = np.zeros((N, Q, V.shape[2]))
    for n in range(N):
        out[n] = weights[n] @ V[n]
    return out, weights

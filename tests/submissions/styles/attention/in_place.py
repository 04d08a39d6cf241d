"""Changes what it is given, prints, and returns views in Fortran order."""

import numpy as np


def content_address(memory, key, beta):
    print("addressing", memory.shape)
    for row in (*memory, key):
        length = np.hypot.reduce(row)
        if length > 0:
            row /= length
    memory *= beta
    scores = memory.dot(key)
    scores -= scores.max()
    np.exp(scores, out=scores)
    scores /= scores.sum()
    return scores


def soft_read(memory, w):
    memory *= w[:, None]
    return memory.sum(axis=0)


def soft_write(memory, w, erase, add):
    for m in range(len(memory)):
        memory[m] *= 1 - w[m] * erase
        memory[m] += w[m] * add
    return np.asfortranarray(memory)


def attention_read(q, K, V, mask=None):
    q /= np.sqrt(q.shape[2])
    scores = np.asfortranarray(np.matmul(q, np.swapaxes(K, 1, 2)))
    if mask is not None:
        while mask.ndim < 3:
            mask = mask[:, np.newaxis]
        scores[~np.broadcast_to(mask, scores.shape)] = -1e30
    scores -= scores.max(axis=2, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(2)[:, :, None]
    return np.matmul(scores, V), scores

"""Plain Python sums, one number at a time."""

import math

import numpy as np


def softmax(scores):
    most = max(scores)
    powers = [math.exp(score - most) if score > -math.inf else 0.0 for score in scores]
    total = math.fsum(powers)
    return [power / total for power in powers]


def dot(a, b):
    return sum(float(p) * float(q) for p, q in zip(a, b))


def content_address(memory, key, beta):
    length = math.sqrt(dot(key, key))
    scores = []
    for slot in memory:
        own = math.sqrt(dot(slot, slot))
        scores.append(beta * (dot(slot, key) / own / length) if own and length else 0.0)
    return np.array(softmax(scores))


def soft_read(memory, w):
    row = np.zeros(memory.shape[1])
    for slot, weight in zip(memory, w):
        row += weight * slot
    return row


def soft_write(memory, w, erase, add):
    new = np.empty(memory.shape)
    for m, i in np.ndindex(*memory.shape):
        new[m, i] = memory[m, i] - memory[m, i] * w[m] * erase[i] + add[i] * w[m]
    return new


def attention_read(q, K, V, mask=None):
    n, queries, d = q.shape
    slots = K.shape[1]
    out, weights = np.zeros((n, queries, V.shape[2])), np.zeros((n, queries, slots))
    for i, j in np.ndindex(n, queries):
        scores = [dot(q[i, j], K[i, m]) * d**-0.5 for m in range(slots)]
        if mask is not None:
            seen = mask[i] if mask.ndim == 2 else mask[i, j]
            scores = [score if see else -math.inf for score, see in zip(scores, seen)]
        weights[i, j] = softmax(scores)
        for m in range(slots):
            out[i, j] += weights[i, j, m] * V[i, m]
    return out, weights

"""Works in float32 on the way, and returns float64."""

import numpy as np


def _softmax(scores):
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def content_address(memory, key, beta):
    memory, key = memory.astype(np.float32), key.astype(np.float32)
    lengths = np.linalg.norm(memory, axis=1) * np.linalg.norm(key)
    dots = memory @ key
    cosine = np.zeros_like(dots)
    cosine[lengths > 0] = dots[lengths > 0] / lengths[lengths > 0]
    return _softmax(np.float32(beta) * cosine).astype(np.float64)


def soft_read(memory, w):
    return (memory.astype(np.float32).T @ w.astype(np.float32)).astype(np.float64)


def soft_write(memory, w, erase, add):
    memory, w, erase, add = (array.astype(np.float32) for array in (memory, w, erase, add))
    return (memory * (1 - np.outer(w, erase)) + np.outer(w, add)).astype(np.float64)


def attention_read(q, K, V, mask=None):
    q, K, V = (array.astype(np.float32) for array in (q, K, V))
    scores = q @ K.transpose(0, 2, 1) / np.float32(np.sqrt(q.shape[-1]))
    if mask is not None:
        scores[np.broadcast_to(~(mask[:, None] if mask.ndim == 2 else mask), scores.shape)] = -np.inf
    weights = _softmax(scores)
    return (weights @ V).astype(np.float64), weights.astype(np.float64)

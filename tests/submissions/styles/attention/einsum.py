"""Index by index with einsum; the softmax by logarithms, hidden slots taken out of the sums."""

import numpy as np


def log_softmax(scores, visible):
    most = np.max(scores, axis=-1, where=visible, initial=-np.inf, keepdims=True)
    moved = scores - most
    total = np.sum(np.exp(np.where(visible, moved, 0)), axis=-1, where=visible, keepdims=True)
    return moved - np.log(total)


def content_address(memory, key, beta):
    def unit(rows):
        length = np.sqrt(np.einsum("...i,...i->...", rows, rows))[..., None]
        return np.divide(rows, length, out=np.zeros_like(rows), where=length > 0)

    scores = beta * np.einsum("mi,i->m", unit(memory), unit(key))
    return np.exp(log_softmax(scores, np.ones(scores.shape, bool)))


def soft_read(memory, w):
    return np.einsum("mi,m->i", memory, w)


def soft_write(memory, w, erase, add):
    kept = memory - np.einsum("mi,m,i->mi", memory, w, erase)
    return kept + np.multiply.outer(w, add)


def attention_read(q, K, V, mask=None):
    scores = np.einsum("nqd,nmd->nqm", q, K) / q.shape[-1] ** 0.5
    visible = np.ones(scores.shape, bool)
    if mask is not None:
        visible &= mask if mask.ndim == 3 else mask.reshape(len(mask), 1, -1)
    powers = np.exp(np.where(visible, log_softmax(scores, visible), -np.inf))
    return np.einsum("nqm,nmw->nqw", powers, V), powers

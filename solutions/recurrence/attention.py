"""Soft addressing: reading and writing a memory everywhere at once, each place by its weight, and attention.

A memory of M slots is a matrix of shape (M, W): one row a slot, W numbers wide. To read one slot only would be a
choice, which has no gradient. So weights w of shape (M,), 0 or more and 1 in all, say how much each slot counts.
A neural Turing machine finds its weights by content: slots like the key get most. Attention is the same, for many
queries at once, with a second matrix for what is read: keys say where, values say what.

Rules for all functions here:
- The memory functions know no batch: memory of shape (M, W), key of shape (W,), weights of shape (M,).
- softmax(s) is exp(s) / sum(exp(s)), and it must stay finite for scores of thousands: exp(1000) does not. All
  scores may have the same number subtracted, the largest one for example, without any change in the weights.
- Work in the precision you are given: float64 in, float64 out; float32 in, float32 out.
- Do not change the arrays you are given. A result must not depend on earlier calls.
"""

import numpy as np


def content_address(memory: np.ndarray, key: np.ndarray, beta: float) -> np.ndarray:
    """Weights by content: the softmax over the slots of beta times the cosine of slot and key.

    cosine(a, b) = <a, b> / (|a| |b|), with |a| the Euclidean norm. It is 0 if one of the norms is 0: divide by the
    norms as they are, with no small number added, and treat zero on its own.

    Args:
        memory: of shape (M, W).
        key: what is looked for, of shape (W,).
        beta: how sharply: 0 gives all slots the same weight, thousands give all of it to the best one.

    Returns:
        The weights, of shape (M,).

    The first slot points the way of the key, the second across, the third the other way:

    >>> memory = np.array([[2.0, 0.0], [0.0, 3.0], [-1.0, 0.0]])
    >>> content_address(memory, np.array([5.0, 0.0]), 1.0).round(3)
    array([0.665, 0.245, 0.09 ])
    >>> content_address(memory, np.array([5.0, 0.0]), 1000.0)
    array([1., 0., 0.])
    """
    ### BEGIN SOLUTION
    lengths = np.sqrt((memory**2).sum(axis=1)) * np.sqrt((key**2).sum())
    cosine = np.where(lengths > 0, memory @ key / np.where(lengths > 0, lengths, 1), 0)
    return _softmax((beta * cosine).astype(memory.dtype))
    ### END SOLUTION


### BEGIN SOLUTION
def _softmax(scores: np.ndarray) -> np.ndarray:
    powers: np.ndarray = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


### END SOLUTION


def soft_read(memory: np.ndarray, w: np.ndarray) -> np.ndarray:
    """What the memory holds where the weights point: sum over the slots m of w[m] * memory[m].

    Args:
        memory: of shape (M, W).
        w: weights, of shape (M,).

    Returns:
        One row, of shape (W,).

    >>> memory = np.array([[1.0, 2.0], [3.0, 6.0]])
    >>> soft_read(memory, np.array([0.0, 1.0])), soft_read(memory, np.array([0.5, 0.5]))
    (array([3., 6.]), array([2., 4.]))
    """
    ### BEGIN SOLUTION
    return w @ memory
    ### END SOLUTION


def soft_write(memory: np.ndarray, w: np.ndarray, erase: np.ndarray, add: np.ndarray) -> np.ndarray:
    """Erase, then add: memory[m] becomes memory[m] * (1 - w[m] * erase) + w[m] * add.

    Args:
        memory: of shape (M, W).
        w: weights, of shape (M,).
        erase: 0 keeps a column, 1 clears it where the weight is 1, of shape (W,).
        add: of shape (W,).

    Returns:
        The new memory, of shape (M, W). The old one stays as it was.

    >>> memory = np.array([[1.0, 2.0], [3.0, 6.0]])
    >>> soft_write(memory, np.array([0.0, 1.0]), np.array([1.0, 0.0]), np.array([5.0, 5.0]))
    array([[ 1.,  2.],
           [ 5., 11.]])
    """
    ### BEGIN SOLUTION
    written: np.ndarray = memory * (1 - w[:, None] * erase) + w[:, None] * add
    return written
    ### END SOLUTION


def attention_read(
    q: np.ndarray, K: np.ndarray, V: np.ndarray, mask: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Every query reads the values, weighted by how well their keys match it.

    weights = softmax over the slots m of q . K[m] / sqrt(D), for each query on its own; out = weights @ V. A slot
    that the mask hides has weight 0, and what is in it changes nothing: the mask comes before the softmax.

    Args:
        q: queries, of shape (N, Q, D).
        K: keys, of shape (N, M, D).
        V: values, of shape (N, M, W).
        mask: True where a slot is visible, of shape (N, M) for all queries alike, or (N, Q, M). Each query sees
            one slot at least. None: everything is visible.

    Returns:
        out: what is read, of shape (N, Q, W).
        weights: of shape (N, Q, M).

    A query that matches the first of three keys, then with that key hidden:

    >>> q, K = np.array([[[2.0, 0.0, 0.0, 0.0]]]), np.array([[[3.0, 0, 0, 0], [0.0, 3, 0, 0], [0.0, 0, 3, 0]]])
    >>> V = np.array([[[1.0], [2.0], [4.0]]])
    >>> out, weights = attention_read(q, K, V)
    >>> out.round(3), weights.round(3)
    (array([[[1.181]]]), array([[[0.909, 0.045, 0.045]]]))
    >>> attention_read(q, K, V, np.array([[False, True, True]]))
    (array([[[3.]]]), array([[[0. , 0.5, 0.5]]]))
    """
    ### BEGIN SOLUTION
    scores = q @ K.transpose(0, 2, 1) / np.sqrt(q.shape[-1]).astype(q.dtype)
    if mask is not None:
        visible = mask[:, None] if mask.ndim == 2 else mask
        scores = np.where(visible, scores, -np.inf)
    weights = _softmax(scores)
    return weights @ V, weights
    ### END SOLUTION

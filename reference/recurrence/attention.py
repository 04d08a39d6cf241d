"""Oracle for recurrence/attention."""

import math

import torch
from torch import Tensor


def content_address(memory: Tensor, key: Tensor, beta: float) -> Tensor:
    """softmax over the slots of beta * cosine(memory (M, W), key (W,)): weights (M,). The cosine with nothing is 0."""
    lengths = memory.norm(dim=1) * key.norm()
    safe = torch.where(lengths > 0, lengths, torch.ones_like(lengths))
    return torch.softmax(beta * (memory @ key) / safe, 0)


def soft_read(memory: Tensor, w: Tensor) -> Tensor:
    """The slots of memory (M, W), weighted by w (M,) and added up: shape (W,)."""
    return w @ memory


def soft_write(memory: Tensor, w: Tensor, erase: Tensor, add: Tensor) -> Tensor:
    """memory (M, W), erased and added to as far as w (M,) points at each slot; erase and add (W,)."""
    return memory * (1 - torch.outer(w, erase)) + torch.outer(w, add)


def attention_read(q: Tensor, K: Tensor, V: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """What queries (N, Q, D) read of V (N, M, W) by keys (N, M, D), and their weights (N, Q, M); a mask shows slots."""
    scores = q @ K.mT / math.sqrt(q.shape[-1])
    if mask is not None:
        visible = mask[:, None] if mask.ndim == 2 else mask
        scores = scores.masked_fill(~visible, -math.inf)
    weights = torch.softmax(scores, -1)
    return weights @ V, weights

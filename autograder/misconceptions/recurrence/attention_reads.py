"""Mistakes of recurrence/attention in reading by queries, keys and values."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from autograder.misconceptions.numpy_like import numpy_errors
from autograder.model import Misconception
from reference.recurrence.attention import attention_read

Wrong = Mapping[str, Callable[..., Any]]
Mask = Tensor | None


def _scores(q: Tensor, K: Tensor, mask: Mask) -> Tensor:
    """As they should be, with minus infinity where the mask hides a slot."""
    scores = q @ K.mT / math.sqrt(q.shape[-1])
    return scores if mask is None else scores.masked_fill(~_each(mask), -math.inf)


def _each(mask: Tensor) -> Tensor:
    """A mask that fits weights (N, Q, M)."""
    return mask[:, None] if mask.ndim == 2 else mask


def _reads(weights: Callable[[Tensor, Tensor, Mask], Tensor]) -> Wrong:
    """Attention with other weights."""

    @numpy_errors()
    def read(q: Tensor, K: Tensor, V: Tensor, mask: Mask = None) -> tuple[Tensor, Tensor]:
        found = weights(q, K, mask)
        return found @ V, found

    return {"attention_read": read}


def _scaled(scale: Callable[[Tensor, Tensor], float]) -> Wrong:
    """Attention with scores multiplied by a further factor."""
    return _reads(lambda q, K, mask: torch.softmax(_scores(q, K, mask) * scale(q, K), -1))


def _with_mask(change: Callable[[Tensor], Mask]) -> Wrong:
    """Attention with another mask."""
    return {
        "attention_read": lambda q, K, V, mask=None: attention_read(q, K, V, mask if mask is None else change(mask))
    }


def _masked_late(q: Tensor, K: Tensor, mask: Mask) -> Tensor:
    weights = torch.softmax(_scores(q, K, None), -1)
    return weights if mask is None else weights * _each(mask)


def _masked_with_zero(q: Tensor, K: Tensor, mask: Mask) -> Tensor:
    scores = _scores(q, K, None)
    return torch.softmax(scores if mask is None else scores * _each(mask), -1)


def _mask_added(q: Tensor, K: Tensor, mask: Mask) -> Tensor:
    scores = _scores(q, K, None)
    return torch.softmax(scores if mask is None else scores + _each(mask), -1)


def _mask_not_broadcast(q: Tensor, K: Tensor, mask: Mask) -> Tensor:
    scores = _scores(q, K, None)
    return torch.softmax(scores if mask is None else scores.masked_fill(~mask, -math.inf), -1)


def _overflows(q: Tensor, K: Tensor, mask: Mask) -> Tensor:
    powers = _scores(q, K, mask).exp()
    return powers / powers.sum(-1, keepdim=True)


@numpy_errors()
def _reads_keys(q: Tensor, K: Tensor, V: Tensor, mask: Mask = None) -> tuple[Tensor, Tensor]:
    weights = attention_read(q, K, V, mask)[1]
    return weights @ K, weights


def _returns_scores(q: Tensor, K: Tensor, V: Tensor, mask: Mask = None) -> tuple[Tensor, Tensor]:
    return attention_read(q, K, V, mask)[0], _scores(q, K, mask)


@numpy_errors()
def _returns_transposed(q: Tensor, K: Tensor, V: Tensor, mask: Mask = None) -> tuple[Tensor, Tensor]:
    out, weights = attention_read(q, K, V, mask)
    return out, weights.mT


ATTENTION = (
    Misconception(
        "softmax-over-queries",
        "You take the softmax over the queries.",
        "The slots compete for each query: the softmax goes over the last axis of the scores (N, Q, M).",
        _reads(lambda q, K, mask: torch.softmax(_scores(q, K, mask), 1)),
        "AT01",
    ),
    Misconception(
        "softmax-over-queries-and-slots",
        "You take one softmax over all queries and slots.",
        "Each query has weights of its own that add up to 1: the softmax goes over the last axis only.",
        _reads(lambda q, K, mask: torch.softmax(_scores(q, K, mask).flatten(1), -1).view(len(q), -1, K.shape[1])),
    ),
    Misconception(
        "scores-not-scaled",
        "You leave out the division by sqrt(D).",
        "Scores are q . K[m] / sqrt(D): sums of D products grow with the square root of D.",
        _scaled(lambda q, K: math.sqrt(q.shape[-1])),
        "AT02",
    ),
    Misconception(
        "scores-divided-by-d",
        "You divide the scores by D, not by its square root.",
        "Scores are q . K[m] / sqrt(D).",
        _scaled(lambda q, K: 1 / math.sqrt(q.shape[-1])),
        "AT05",
    ),
    Misconception(
        "scaled-by-the-slots",
        "You divide the scores by the square root of the number of slots.",
        "D is the length of a key: the last axis of q and K.",
        _scaled(lambda q, K: math.sqrt(q.shape[-1] / K.shape[1])),
    ),
    Misconception(
        "scores-multiplied",
        "You multiply the scores by sqrt(D).",
        "Scores are divided: q . K[m] / sqrt(D).",
        _scaled(lambda q, K: q.shape[-1]),
    ),
    Misconception(
        "mask-after-softmax",
        "You apply the mask after the softmax, so the weights of what is visible do not add up to 1.",
        "Mask first: a hidden slot's score is -inf, and the softmax shares out the weight among the others.",
        _reads(_masked_late),
        "AT03",
    ),
    Misconception(
        "mask-inverted",
        "You hide the slots that should be visible.",
        "True means visible here.",
        _with_mask(torch.logical_not),
        "AT04",
    ),
    Misconception(
        "mask-ignored",
        "You leave the mask out.",
        "A hidden slot has weight 0: give it the score -inf before the softmax.",
        _with_mask(lambda mask: None),
    ),
    Misconception(
        "masked-scores-zero",
        "You set the scores of hidden slots to 0, which is a score like any other.",
        "exp(0) is 1. The score whose exponential is 0 is -inf.",
        _reads(_masked_with_zero),
    ),
    Misconception(
        "mask-added",
        "You add the mask to the scores.",
        "True counts as 1 then, which hides nothing: hidden slots get the score -inf.",
        _reads(_mask_added),
    ),
    Misconception(
        "mask-without-query-axis",
        "You apply a mask of shape (N, M) to scores of shape (N, Q, M) as it is: its samples meet the queries.",
        "Give it the missing axis, mask[:, None, :]. Else the shapes fit by accident, when N is 1 or equals Q.",
        _reads(_mask_not_broadcast),
    ),
    Misconception(
        "first-mask-for-all",
        "You use the mask of the first query for all of them.",
        "A mask of shape (N, Q, M) has a row for each query.",
        _with_mask(lambda mask: mask if mask.ndim == 2 else mask[:, 0]),
    ),
    Misconception(
        "reads-keys",
        "You read the keys.",
        "Keys say where to look, values what is there: out = weights @ V.",
        {"attention_read": _reads_keys},
        "AT06",
    ),
    Misconception(
        "scores-for-weights",
        "You return the scores as weights.",
        "The weights are the softmax of the scores: 0 or more, and 1 in all.",
        {"attention_read": _returns_scores},
    ),
    Misconception(
        "weights-transposed-at-the-end",
        "You return the weights transposed.",
        "A row for each query, a column for each slot: shape (N, Q, M).",
        {"attention_read": _returns_transposed},
    ),
    Misconception(
        "read-overflows",
        "Your softmax overflows: exp(1000) is infinite, and infinity by infinity is not a number.",
        "Subtract from each query's scores the largest of them first: the weights stay the same.",
        _reads(_overflows),
    ),
)

"""Mistakes of recurrence/attention: the memory here, attention beside this file."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from autograder.misconceptions.numpy_like import numpy_errors
from autograder.misconceptions.recurrence.attention_reads import ATTENTION
from autograder.model import Misconception

Wrong = Mapping[str, Callable[..., Any]]
Lengths = Callable[[Tensor, Tensor], Tensor]


def _quotient(dots: Tensor, lengths: Tensor) -> Tensor:
    """Division as it should be: 0 where a length is 0."""
    return torch.where(lengths > 0, dots / torch.where(lengths > 0, lengths, 1.0), 0.0)


def _over(lengths: Lengths) -> Wrong:
    """Content addressing that divides by something else than both norms."""

    @numpy_errors()
    def address(memory: Tensor, key: Tensor, beta: float) -> Tensor:
        return torch.softmax(beta * _quotient(memory @ key, lengths(memory, key)), 0)

    return {"content_address": address}


def _cosine(memory: Tensor, key: Tensor) -> Tensor:
    return _quotient(memory @ key, memory.norm(dim=1) * key.norm())


def _from_cosine(weights: Callable[[Tensor, float], Tensor]) -> Wrong:
    """Content addressing that goes wrong after the cosine."""
    return {"content_address": lambda memory, key, beta: weights(_cosine(memory, key), beta)}


def _divides_anyway(memory: Tensor, key: Tensor, beta: float) -> Tensor:
    return torch.softmax(beta * (memory @ key) / (memory.norm(dim=1) * key.norm()), 0)


def _with_epsilon(memory: Tensor, key: Tensor, beta: float) -> Tensor:
    return torch.softmax(beta * (memory @ key) / (memory.norm(dim=1) * key.norm() + 1e-8), 0)


def _unstable(scores: Tensor) -> Tensor:
    return scores.exp() / scores.exp().sum(-1, keepdim=True)


def _row_norms(memory: Tensor, key: Tensor) -> Tensor:
    lengths: Tensor = torch.linalg.vector_norm(memory, dim=1)
    return lengths


ADDRESS = (
    Misconception(
        "dot-product-for-cosine",
        "You compare by the dot product alone, so long slots win.",
        "The cosine is the dot product divided by both norms: only the direction counts.",
        _over(lambda memory, key: torch.ones_like(memory[:, 0])),
        "NT2",
    ),
    Misconception(
        "key-not-normalised",
        "You divide by the norms of the slots, but not by that of the key.",
        "cosine(a, b) = <a, b> / (|a| |b|): a key twice as long should give the same weights.",
        _over(_row_norms),
    ),
    Misconception(
        "slots-not-normalised",
        "You divide by the norm of the key, but not by those of the slots.",
        "cosine(a, b) = <a, b> / (|a| |b|): each slot has its own norm.",
        _over(lambda memory, key: key.norm().expand(len(memory))),
    ),
    Misconception(
        "norm-of-the-whole-memory",
        "You divide by one norm of the whole memory.",
        "Each slot has a norm of its own: the one over its row, axis 1.",
        _over(lambda memory, key: memory.norm() * key.norm().expand(len(memory))),
    ),
    Misconception(
        "norms-of-columns",
        "You take the norms of the columns of the memory.",
        "A slot is a row: its norm is over axis 1, and there is one for each slot.",
        _over(lambda memory, key: memory.norm(dim=0) * key.norm()),
    ),
    Misconception(
        "norms-squared",
        "You divide by the squares of the norms.",
        "The norm is the square root of the sum of squares.",
        _over(lambda memory, key: (_row_norms(memory, key) * key.norm()) ** 2),
    ),
    Misconception(
        "zero-norm-divided",
        "You divide by a norm that is 0, which gives NaN.",
        "The cosine with a row of zeros is 0 here: take those apart before you divide.",
        {"content_address": _divides_anyway},
        "NT2",
    ),
    Misconception(
        "epsilon-in-the-cosine",
        "You add a small number to the norms.",
        "Slots may be that short themselves. Divide by the norms as they are, and treat a norm of 0 on its own.",
        {"content_address": _with_epsilon},
    ),
    Misconception(
        "beta-ignored",
        "You leave beta out.",
        "beta multiplies the cosines inside the softmax: the larger, the sharper.",
        _from_cosine(lambda cosine, beta: torch.softmax(cosine, 0)),
    ),
    Misconception(
        "beta-divides",
        "You divide by beta, as one divides by a temperature.",
        "A large beta makes the weights sharper: the softmax is over beta * cosine.",
        _from_cosine(lambda cosine, beta: torch.softmax(cosine / beta, 0)),
    ),
    Misconception(
        "beta-after-softmax",
        "You multiply by beta after the softmax.",
        "Then the weights add up to beta. Inside the softmax beta makes the differences larger.",
        _from_cosine(lambda cosine, beta: beta * torch.softmax(cosine, 0)),
    ),
    Misconception(
        "sharpened-without-normalising",
        "You raise the softmax to the power beta, and do not normalise after that.",
        "softmax(s)**beta no longer adds up to 1. Divide by its sum, or put beta into the softmax, which is the same.",
        _from_cosine(lambda cosine, beta: torch.softmax(cosine, 0) ** beta),
        "NT3",
    ),
    Misconception(
        "address-softmax-forgotten",
        "You return the scores, without the softmax.",
        "Weights are 0 or more and add up to 1: they are the softmax of beta * cosine.",
        _from_cosine(lambda cosine, beta: beta * cosine),
    ),
    Misconception(
        "exponentials-not-normalised",
        "You return the exponentials, and do not divide by their sum.",
        "softmax(s) = exp(s) / sum(exp(s)), so that the weights add up to 1.",
        _from_cosine(lambda cosine, beta: (beta * cosine).exp()),
    ),
    Misconception(
        "address-overflows",
        "Your softmax overflows: exp(1000) is infinite, and infinity by infinity is not a number.",
        "Subtract the largest score from all of them first: the weights stay the same, and no power is above 1.",
        _from_cosine(lambda cosine, beta: _unstable(beta * cosine)),
    ),
    Misconception(
        "address-of-the-nearest",
        "You put all of the weight on the best slot, whatever beta is.",
        "Soft addressing gives each slot its share: the softmax of beta * cosine.",
        _from_cosine(lambda cosine, beta: torch.softmax(1e12 * cosine, 0)),
    ),
)


@numpy_errors()
def _write_transposed(memory: Tensor, w: Tensor, erase: Tensor, add: Tensor) -> Tensor:
    return memory * (1 - torch.outer(erase, w)) + torch.outer(add, w)


@numpy_errors()
def _read_transposed(memory: Tensor, w: Tensor) -> Tensor:
    return memory @ w


def _write(written: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]) -> Wrong:
    """A write that goes by the weights w (M, 1)."""
    return {"soft_write": lambda memory, w, erase, add: written(memory, w[:, None], erase, add)}


MEMORY = (
    Misconception(
        "read-along-the-slot",
        "You multiply the weights with the columns of the memory.",
        "w has one entry for each slot, that is, each row: w @ memory. The shapes hide it if M = W.",
        {"soft_read": _read_transposed},
    ),
    Misconception(
        "read-not-summed",
        "You weight the slots, but do not add them up.",
        "What is read is one row of shape (W,): the sum of the weighted slots.",
        {"soft_read": lambda memory, w: memory * w[:, None]},
    ),
    Misconception(
        "read-averaged",
        "You divide by the number of slots.",
        "The weights add up to 1 already: the sum over the slots is the mean that is wanted.",
        {"soft_read": lambda memory, w: (memory * w[:, None]).mean(0)},
    ),
    Misconception(
        "read-hard",
        "You read the slot with the largest weight only.",
        "Each slot counts by its weight: add up w[m] * memory[m].",
        {"soft_read": lambda memory, w: memory[w.argmax()]},
    ),
    Misconception(
        "added-before-erasing",
        "You add first and then erase, which erases part of what was added.",
        "Erase, then add: memory * (1 - w * erase) + w * add.",
        _write(lambda memory, w, erase, add: (memory + w * add) * (1 - w * erase)),
        "NT1",
    ),
    Misconception(
        "erased-whatever-the-weights",
        "You erase every slot alike.",
        "A slot is erased as far as its weight goes: the factor is 1 - w[m] * erase.",
        _write(lambda memory, w, erase, add: memory * (1 - erase) + w * add),
    ),
    Misconception(
        "added-whatever-the-weights",
        "You add to every slot alike.",
        "A slot is added to as far as its weight goes: w[m] * add.",
        _write(lambda memory, w, erase, add: memory * (1 - w * erase) + add),
    ),
    Misconception(
        "erase-forgotten",
        "You do not erase.",
        "Before w * add comes in, memory[m] is multiplied by 1 - w[m] * erase.",
        _write(lambda memory, w, erase, add: memory + w * add),
    ),
    Misconception(
        "erase-subtracted",
        "You subtract erase from the memory.",
        "To erase is to multiply: by 1 - w[m] * erase, which is 0 where both are 1, whatever is in the slot.",
        _write(lambda memory, w, erase, add: memory - w * erase + w * add),
    ),
    Misconception(
        "always-erased-wholly",
        "You blend the slot with what is added, and leave erase out.",
        "erase says which columns give way, and how far: the factor is 1 - w[m] * erase, not 1 - w[m].",
        _write(lambda memory, w, erase, add: memory * (1 - w) + w * add),
    ),
    Misconception(
        "added-where-erased",
        "You add only as far as was erased.",
        "erase belongs to the first term alone: memory * (1 - w * erase) + w * add.",
        _write(lambda memory, w, erase, add: memory * (1 - w * erase) + w * erase * add),
    ),
    Misconception(
        "keeps-what-to-erase",
        "You multiply by w * erase where 1 minus that belongs.",
        "erase = 1 clears and erase = 0 keeps: the factor is 1 - w[m] * erase.",
        _write(lambda memory, w, erase, add: memory * (w * erase) + w * add),
    ),
    Misconception(
        "written-transposed",
        "You exchange slots and columns in the write.",
        "w goes with the rows of the memory, erase and add with its columns. The shapes hide it if M = W.",
        {"soft_write": _write_transposed},
    ),
)

MISCONCEPTIONS = (*ADDRESS, *MEMORY, *ATTENTION)

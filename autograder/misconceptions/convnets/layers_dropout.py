"""Mistakes of convnets/layers in dropout. What is drawn differs from one right answer to the next, so that the
mistakes of the forward pass are found by its properties, and have no model to be recognised by."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.model import Misconception
from reference.convnets.layers import dropout_backward

Wrong = dict[str, Callable[..., Any]]
Masked = tuple[Tensor, Tensor]


def _mask(shape: Any, keep: float, rng: Any) -> Tensor:
    """1 with probability `keep`; `rng` is a generator, or has the seed of one."""
    generator = np.random.default_rng(rng.seed) if hasattr(rng, "seed") else rng
    return torch.from_numpy((generator.random(tuple(shape)) < keep).astype(np.float64))


def _training(draw: Callable[[Tensor, float, Any], Masked]) -> Wrong:
    """A forward pass that does this in training, and nothing in evaluation."""

    def model(x: Tensor, p: float, training: bool, rng: Any) -> Masked:
        return draw(x, p, rng) if training else (x.clone(), torch.ones_like(x))

    return {"dropout_forward": model}


def _masked(mask: Tensor, x: Tensor, keep: float) -> Masked:
    return x * mask / keep, mask


def _right(x: Tensor, p: float, rng: Any) -> Masked:
    return _masked(_mask(x.shape, 1 - p, rng), x, 1 - p)


def _everywhere(x: Tensor, p: float, training: bool, rng: Any) -> Masked:
    return _right(x, p, rng)


def _scaled_in_evaluation(x: Tensor, p: float, training: bool, rng: Any) -> Masked:
    mask = _mask(x.shape, 1 - p, rng) if training else torch.ones_like(x)
    return (x * mask if training else x * (1 - p)), mask


def _divided_mask(x: Tensor, p: float, rng: Any) -> Masked:
    mask = _mask(x.shape, 1 - p, rng) / (1 - p)
    return x * mask, mask


def _whole_rows(x: Tensor, p: float, rng: Any) -> Masked:
    mask = _mask((1, *x.shape[1:]) if x.dim() > 1 else x.shape, 1 - p, rng).expand(x.shape)
    return _masked(mask.clone(), x, 1 - p)


def _own_generator(x: Tensor, p: float, rng: Any) -> Masked:
    return _masked(_mask(x.shape, 1 - p, np.random.default_rng()), x, 1 - p)


FORWARD = (
    Misconception(
        "kept-entries-not-scaled",
        "You do not divide the entries that are kept.",
        "Divide by 1 - p, so that the expected output stays the same.",
        _training(lambda x, p, rng: _masked(_mask(x.shape, 1 - p, rng), x, 1.0)),
        "D01",
    ),
    Misconception(
        "p-taken-for-the-keep-rate",
        "You keep entries with probability p.",
        "p is the probability to drop: keep with probability 1 - p, and divide by 1 - p.",
        _training(lambda x, p, rng: _masked(_mask(x.shape, p, rng), x, p)),
        "D02",
    ),
    Misconception(
        "divided-by-p",
        "You divide by p.",
        "An entry is kept with probability 1 - p: divide by that.",
        _training(lambda x, p, rng: _masked(_mask(x.shape, 1 - p, rng), x, p)),
    ),
    Misconception(
        "drops-in-evaluation",
        "You drop entries in evaluation too.",
        "In evaluation dropout does nothing at all: out is x, and the mask is 1.",
        {"dropout_forward": _everywhere},
        "D03",
    ),
    Misconception(
        "scaled-in-evaluation",
        "You multiply by 1 - p in evaluation, not in training.",
        "Inverted dropout divides by 1 - p in training, and evaluation leaves x alone.",
        {"dropout_forward": _scaled_in_evaluation},
    ),
    Misconception(
        "mask-already-divided",
        "Your mask is already divided by 1 - p.",
        "It tells what was kept, by 0 and 1; the division comes after it.",
        _training(_divided_mask),
    ),
    Misconception(
        "one-mask-for-all-samples",
        "You draw one mask for all samples.",
        "Each entry has a draw of its own: the mask has the shape of x.",
        _training(_whole_rows),
    ),
    Misconception(
        "generator-ignored",
        "You draw from another generator than rng.",
        "rng.random(x.shape) draws from the generator that you were given, so that a run can be repeated.",
        _training(_own_generator),
        "D06",
    ),
)


def _back(model: Callable[[Tensor, Tensor, float], Tensor]) -> Wrong:
    return {"dropout_backward": model}


BACKWARD = (
    Misconception(
        "gradient-not-scaled",
        "You do not divide the gradient by 1 - p.",
        "out = x * mask / (1 - p): the same factor stands in the gradient.",
        _back(lambda dout, mask, p: dout * mask),
    ),
    Misconception(
        "gradient-divided-by-p",
        "You divide the gradient by p.",
        "The forward pass divided by 1 - p, and so does the gradient.",
        _back(lambda dout, mask, p: dout * mask / p),
    ),
    Misconception(
        "gradient-times-keep-rate",
        "You multiply the gradient by 1 - p.",
        "The forward pass divided by 1 - p, and so does the gradient.",
        _back(lambda dout, mask, p: dout * mask * (1 - p)),
    ),
    Misconception(
        "mask-forgotten-in-backward",
        "You leave the mask out of the gradient.",
        "What was dropped had no effect on the output, and gets no gradient.",
        _back(lambda dout, mask, p: dout / (1 - p)),
    ),
    Misconception(
        "mask-turned-round-in-backward",
        "You send the gradient to what was dropped.",
        "The mask is 1 where an entry was kept: multiply by it.",
        _back(lambda dout, mask, p: dropout_backward(dout, 1 - mask, p)),
    ),
    Misconception(
        "mask-for-the-gradient",
        "You return the mask without dout.",
        "By the chain rule dx = dout * mask / (1 - p).",
        _back(lambda dout, mask, p: mask / (1 - p)),
    ),
)

DROPOUT = (*FORWARD, *BACKWARD)

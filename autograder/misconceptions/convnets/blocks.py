"""Known mistakes of convnets/blocks."""

from collections.abc import Callable
from typing import Any

import torch.nn.functional as F
from torch import Tensor

from autograder.misconceptions.convnets.blocks_inception import INCEPTION
from autograder.misconceptions.numpy_like import numpy_errors
from autograder.model import Misconception
from reference.convnets import blocks as right

same = right.same
Residual = Callable[[Tensor, Tensor, Tensor, Tensor, Tensor], Tensor]


def _residual(model: Residual) -> dict[str, Callable[..., Any]]:
    return {"residual_block_forward": model}


def _separable(model: Callable[[Tensor, Tensor, Tensor], Tensor]) -> dict[str, Callable[..., Any]]:
    return {"depthwise_separable_forward": model}


@numpy_errors()
def _not_padded(x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> Tensor:
    return x + F.conv2d(F.conv2d(x, w1, b1).relu(), w2, b2)


@numpy_errors()
def _padded_by_one(x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> Tensor:
    inner = F.conv2d(x, w1, b1, padding=1).relu()
    return x + F.conv2d(inner, w2, b2, padding=1)


@numpy_errors()
def _point_first(x: Tensor, w_depth: Tensor, w_point: Tensor) -> Tensor:
    if len(w_point) != len(w_depth):
        raise IndexError("index is out of bounds")
    mixed = F.conv2d(x, w_point[:, :, None, None])
    return F.conv2d(mixed, w_depth[:, None], groups=len(w_depth))


def _with_depth(change: Callable[[Tensor], Tensor]) -> dict[str, Callable[..., Any]]:
    """Other filters in the first step."""
    return _separable(lambda x, w_depth, w_point: right.depthwise_separable_forward(x, change(w_depth), w_point))


@numpy_errors()
def _point_transposed(x: Tensor, w_depth: Tensor, w_point: Tensor) -> Tensor:
    return right.depthwise_separable_forward(x, w_depth, w_point.T)


def _all_channels(x: Tensor, w_depth: Tensor, w_point: Tensor) -> Tensor:
    total = F.conv2d(x, w_depth[None])
    return total * w_point.sum(1)[:, None, None]


def _relu_between(x: Tensor, w_depth: Tensor, w_point: Tensor) -> Tensor:
    depth = F.conv2d(x, w_depth[:, None], groups=len(w_depth))
    return F.conv2d(depth.relu(), w_point[:, :, None, None])


def _padded(x: Tensor, w_depth: Tensor, w_point: Tensor) -> Tensor:
    kh, kw = w_depth.shape[1:]
    depth = F.conv2d(x, w_depth[:, None], groups=len(w_depth), padding=(kh // 2, kw // 2))
    return F.conv2d(depth, w_point[:, :, None, None])


RESIDUAL = (
    Misconception(
        "relu-after-sum",
        "You apply a ReLU to the sum.",
        "Here x + conv(...) is the result as it is: with weights of zero, the block is to return x, below zero too.",
        _residual(lambda x, w1, b1, w2, b2: right.residual_block_forward(x, w1, b1, w2, b2).relu()),
    ),
    Misconception(
        "relu-before-sum",
        "You apply a ReLU to the second convolution as well, before you add it.",
        "A block that can only add positive numbers cannot correct downwards: the only ReLU is between the two.",
        _residual(lambda x, w1, b1, w2, b2: x + same(same(x, w1, b1).relu(), w2, b2).relu()),
    ),
    Misconception(
        "relu-forgotten",
        "You leave out the ReLU between the two convolutions.",
        "Two convolutions in a row are one larger one: relu(conv(x)) goes into the second.",
        _residual(lambda x, w1, b1, w2, b2: x + same(same(x, w1, b1), w2, b2)),
    ),
    Misconception(
        "shortcut-forgotten",
        "You return the second convolution without adding x.",
        "x + conv(relu(conv(x))): the way round is what makes the block residual.",
        _residual(lambda x, w1, b1, w2, b2: same(same(x, w1, b1).relu(), w2, b2)),
    ),
    Misconception(
        "relu-first",
        "You apply a ReLU to x before the first convolution.",
        "x goes into the first convolution as it is; the only ReLU stands between the two.",
        _residual(lambda x, w1, b1, w2, b2: x + same(same(x.relu(), w1, b1).relu(), w2, b2)),
    ),
    Misconception(
        "shortcut-through-relu",
        "You add relu(x) in the place of x.",
        "Nothing stands on the way round: add x itself.",
        _residual(lambda x, w1, b1, w2, b2: x.relu() + same(same(x, w1, b1).relu(), w2, b2)),
    ),
    Misconception(
        "shortcut-subtracted",
        "You subtract the convolutions from x.",
        "x + conv(relu(conv(x))): both with a plus.",
        _residual(lambda x, w1, b1, w2, b2: x - same(same(x, w1, b1).relu(), w2, b2)),
    ),
    Misconception(
        "second-bias-forgotten",
        "You leave out b2.",
        "Each convolution has its bias: b1 in the first, b2 in the second.",
        _residual(lambda x, w1, b1, w2, b2: right.residual_block_forward(x, w1, b1, w2, 0 * b2)),
    ),
    Misconception(
        "first-bias-forgotten",
        "You leave out b1.",
        "Each convolution has its bias: b1 in the first, b2 in the second.",
        _residual(lambda x, w1, b1, w2, b2: right.residual_block_forward(x, w1, 0 * b1, w2, b2)),
    ),
    Misconception(
        "residual-not-padded",
        "You do not pad, so that the image gets smaller and no longer fits x.",
        "A kernel of size K keeps height and width with a padding of K // 2.",
        _residual(_not_padded),
    ),
    Misconception(
        "padding-always-one",
        "You pad by 1, whatever the size of the kernel.",
        "A kernel of size K keeps height and width with a padding of K // 2: 0 for 1 x 1, 2 for 5 x 5.",
        _residual(_padded_by_one),
    ),
)

SEPARABLE = (
    Misconception(
        "pointwise-first",
        "You mix the channels first and filter them afterwards.",
        "w_depth has a filter for each channel of x: filter first, then mix with w_point.",
        _separable(_point_first),
    ),
    Misconception(
        "depthwise-sums-channels",
        "You sum over the channels in the first step, as an ordinary convolution does.",
        "Channel c meets w_depth[c] only, and stays a channel of its own until w_point mixes them.",
        _separable(_all_channels),
    ),
    Misconception(
        "first-filter-for-all",
        "You use the first filter for every channel.",
        "Channel c has the filter w_depth[c].",
        _with_depth(lambda w: w[:1].expand(w.shape)),
    ),
    Misconception(
        "depthwise-flipped",
        "You flip the filters of the first step.",
        "As in conv2d_forward, a filter slides over the image as it is.",
        _with_depth(lambda w: w.flip(1, 2)),
    ),
    Misconception(
        "depthwise-transposed",
        "You exchange rows and columns of the filters of the first step.",
        "w_depth has the shape (C, KH, KW): its rows lie along the rows of the image.",
        _with_depth(lambda w: w.transpose(1, 2)),
    ),
    Misconception(
        "pointwise-transposed",
        "You read w_point as if its first axis were the channels that come in.",
        "w_point has the shape (F, C): out[f] is the sum over c of w_point[f, c] times channel c.",
        _separable(_point_transposed),
    ),
    Misconception(
        "relu-between-steps",
        "You apply a ReLU between the two steps.",
        "Here both steps together are one linear map: no ReLU.",
        _separable(_relu_between),
    ),
    Misconception(
        "separable-padded",
        "You pad the images.",
        "Here the result is smaller than x: H - KH + 1 rows, W - KW + 1 columns.",
        _separable(_padded),
    ),
)

MISCONCEPTIONS = (*RESIDUAL, *INCEPTION, *SEPARABLE)

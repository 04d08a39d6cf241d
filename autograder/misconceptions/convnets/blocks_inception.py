"""Mistakes of convnets/blocks in the inception block."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.misconceptions.numpy_like import numpy_errors
from autograder.model import Misconception
from reference.convnets.blocks import same

Params = Mapping[str, Tensor]
Layer = Callable[[Tensor, Params, str], Tensor]


def _linear(x: Tensor, params: Params, name: str) -> Tensor:
    return same(x, params[f"w{name}"], params[f"b{name}"])


def _layer(x: Tensor, params: Params, name: str) -> Tensor:
    return _linear(x, params, name).relu()


def _branches(
    x: Tensor, params: Params, *, reduce: Layer = _layer, layer: Layer = _layer, pooled: Tensor | None = None
) -> list[Tensor]:
    """The four branches, with other layers in the reduction or elsewhere, or other images in the fourth."""
    pooled = F.max_pool2d(x, 3, 1, 1) if pooled is None else pooled
    three, five = (layer(reduce(x, params, f"{k}_reduce"), params, k) for k in "35")
    return [layer(x, params, "1"), three, five, layer(pooled, params, "_pool")]


def _inception(parts: Callable[[Tensor, Params], list[Tensor]], axis: int = 1) -> dict[str, Callable[..., Any]]:
    def model(x: Tensor, params: Params) -> Tensor:
        with numpy_errors():
            return torch.cat(parts(x, params), axis)

    return {"inception_block": model}


def _pooled_after(x: Tensor, params: Params) -> list[Tensor]:
    return [*_branches(x, params)[:3], F.max_pool2d(_layer(x, params, "_pool"), 3, 1, 1)]


def _in_order(*order: int) -> dict[str, Callable[..., Any]]:
    def parts(x: Tensor, params: Params) -> list[Tensor]:
        found = _branches(x, params)
        return [found[i] for i in order]

    return _inception(parts)


def _no_biases(x: Tensor, params: Params) -> list[Tensor]:
    return _branches(x, {name: value * (name[0] == "w") for name, value in params.items()})


INCEPTION = (
    Misconception(
        "no-relu-after-reduction",
        "You leave out the ReLU after the convolutions that reduce the channels.",
        "A ReLU follows each of the six convolutions, those of 1 x 1 too.",
        _inception(lambda x, params: _branches(x, params, reduce=_linear)),
    ),
    Misconception(
        "no-relu-at-the-end",
        "You leave out the ReLU at the end of the branches.",
        "A ReLU follows each of the six convolutions, the last of each branch too.",
        _inception(lambda x, params: _branches(x, params, layer=_linear)),
    ),
    Misconception(
        "no-relu-at-all",
        "You leave out every ReLU.",
        "A ReLU follows each of the six convolutions.",
        _inception(lambda x, params: _branches(x, params, reduce=_linear, layer=_linear)),
    ),
    Misconception(
        "pooling-left-out",
        "You leave the pooling out of the fourth branch.",
        "The fourth branch looks at max_pool2d_forward(x, pool=3, stride=1, padding=1).",
        _inception(lambda x, params: _branches(x, params, pooled=x)),
    ),
    Misconception(
        "average-pooling-branch",
        "You average in the fourth branch.",
        "It takes the largest value of each window.",
        _inception(lambda x, params: _branches(x, params, pooled=F.avg_pool2d(x, 3, 1, 1))),
    ),
    Misconception(
        "pooling-after-convolution",
        "You pool after the convolution of the fourth branch, not before it.",
        "First max pooling 3 x 3, then the convolution 1 x 1.",
        _inception(_pooled_after),
    ),
    Misconception(
        "pooling-padded-with-zeros",
        "You pad with zeros before pooling.",
        "A zero wins over negative pixels: use the padding of max_pool2d_forward, which never wins.",
        _inception(lambda x, params: _branches(x, params, pooled=F.max_pool2d(F.pad(x, (1, 1, 1, 1)), 3, 1))),
    ),
    Misconception(
        "pooling-with-stride",
        "You pool with a stride of 3, so that the fourth branch no longer fits the others.",
        "The stride is the window if you give none: all branches are to keep height and width, stride=1, padding=1.",
        _inception(lambda x, params: _branches(x, params, pooled=F.max_pool2d(x, 3, padding=1))),
    ),
    Misconception(
        "pooling-branch-first",
        "You stack the branches in another order: pooling comes first.",
        "Channels come in the order 1 x 1, 3 x 3, 5 x 5, pooling.",
        _in_order(3, 0, 1, 2),
    ),
    Misconception(
        "three-and-five-exchanged",
        "You stack the branches in another order: 5 x 5 comes before 3 x 3.",
        "Channels come in the order 1 x 1, 3 x 3, 5 x 5, pooling.",
        _in_order(0, 2, 1, 3),
    ),
    Misconception(
        "branches-in-reverse",
        "You stack the branches in the reverse order.",
        "Channels come in the order 1 x 1, 3 x 3, 5 x 5, pooling.",
        _in_order(3, 2, 1, 0),
    ),
    Misconception(
        "biases-left-out",
        "You leave out the biases.",
        "Each of the six convolutions has its own: b1, b3_reduce, b3 ...",
        _inception(_no_biases),
    ),
    Misconception(
        "relu-on-images",
        "You apply a ReLU to x before the branches.",
        "A ReLU follows each convolution; x goes into the branches as it is.",
        _inception(lambda x, params: _branches(x.relu(), params)),
    ),
)

"""Oracle for convnets/blocks."""

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor


def residual_block_forward(x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> Tensor:
    """x + conv(relu(conv(x))) for x (N, C, H, W), w1 (F, C, K1, K1) and w2 (C, F, K2, K2), of the shape of x."""
    return x + same(same(x, w1, b1).relu(), w2, b2)


def inception_block(x: Tensor, params: Mapping[str, Tensor]) -> Tensor:
    """Four branches that look at x (N, C, H, W), one beside the other: (N, F1 + F3 + F5 + FP, H, W)."""

    def layer(image: Tensor, name: str) -> Tensor:
        return same(image, params[f"w{name}"], params[f"b{name}"]).relu()

    pooled = F.max_pool2d(x, 3, 1, 1)
    branches = [
        layer(x, "1"),
        layer(layer(x, "3_reduce"), "3"),
        layer(layer(x, "5_reduce"), "5"),
        layer(pooled, "_pool"),
    ]
    return torch.cat(branches, 1)


def depthwise_separable_forward(x: Tensor, w_depth: Tensor, w_point: Tensor) -> Tensor:
    """One filter w_depth (C, KH, KW) a channel of x (N, C, H, W), then w_point (F, C) mixes them: (N, F, H', W')."""
    return F.conv2d(F.conv2d(x, w_depth[:, None], groups=x.shape[1]), w_point[:, :, None, None])


def same(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """A convolution that keeps height and width: square kernels of odd size."""
    return F.conv2d(x, w, b, padding=w.shape[3] // 2)

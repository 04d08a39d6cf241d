"""Oracle for convnets/pooling."""

import torch.nn.functional as F
from torch import Tensor


def max_pool2d_forward(
    x: Tensor,
    pool: int | tuple[int, int] = 2,
    stride: int | None = None,
    padding: int = 0,
    ceil_mode: bool = False,
) -> Tensor:
    """Largest value in each window of x (N, C, H, W): shape (N, C, H', W'). No stride: windows tile."""
    out: Tensor = F.max_pool2d(x, pool, stride, padding, ceil_mode=ceil_mode)
    return out

"""Oracle for convnets/pooling."""

import torch
import torch.nn.functional as F
from torch import Tensor

Pool = int | tuple[int, int]


def max_pool2d_forward(
    x: Tensor, pool: Pool = 2, stride: int | None = None, padding: int = 0, ceil_mode: bool = False
) -> Tensor:
    """Largest value in each window of x (N, C, H, W): shape (N, C, H', W'). No stride: windows tile."""
    out: Tensor = F.max_pool2d(x, pool, stride, padding, ceil_mode=ceil_mode)
    return out


def avg_pool2d_forward(x: Tensor, pool: Pool = 2, stride: int | None = None) -> Tensor:
    """Mean of each window of x (N, C, H, W): shape (N, C, H', W')."""
    return F.avg_pool2d(x, pool, stride)


def lp_pool2d_forward(x: Tensor, p: float, pool: Pool = 2, stride: int | None = None) -> Tensor:
    """(sum |x|^p)^(1/p) over each window of x (N, C, H, W): shape (N, C, H', W').

    torch.nn.functional.lp_pool2d does not take |x|, and overflows for large p. The largest |x| of a window is a
    constant here: it cancels, so that no gradient goes through it.
    """
    sizes = _windows(x, pool, stride).abs()
    largest = sizes.detach().amax(-1)
    empty = largest == 0
    scale = torch.where(empty, 1.0, largest)
    total = ((sizes / scale[..., None]) ** p).sum(-1)
    return torch.where(empty, 0.0, scale * torch.where(empty, 1.0, total) ** (1 / p))


def _windows(x: Tensor, pool: Pool, stride: int | None) -> Tensor:
    """The windows of x, of shape (N, C, H', W', KH * KW)."""
    kh, kw = (pool, pool) if isinstance(pool, int) else pool
    down, right = (kh, kw) if stride is None else (stride, stride)
    n, c, height, _ = x.shape
    cells = F.unfold(x, (kh, kw), stride=(down, right)).reshape(n, c, kh * kw, -1)
    return cells.transpose(2, 3).reshape(n, c, (height - kh) // down + 1, -1, kh * kw)


def maxout_forward(z: Tensor, k: int) -> Tensor:
    """Largest of k pieces, z (N, k * M) in blocks of M: shape (N, M)."""
    return z.reshape(len(z), k, -1).amax(1)


def global_avg_pool(x: Tensor) -> Tensor:
    """Mean of each channel of x (N, C, H, W): shape (N, C)."""
    return x.mean((2, 3))

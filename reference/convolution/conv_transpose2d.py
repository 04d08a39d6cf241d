"""Oracle for convolution/conv_transpose2d.

Judge in float64: on a GPU, float32 convolutions may be rounded to TF32 on the way.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def conv_transpose2d_forward(
    x: Tensor, w: Tensor, b: Tensor, stride: int = 1, padding: int = 0, output_padding: int = 0
) -> Tensor:
    """Stamps of w (C, F, KH, KW), weighted by x (N, C, H, W), plus b (F,): (N, F, H', W')."""
    return F.conv_transpose2d(x, w, b, stride=stride, padding=padding, output_padding=output_padding)


def bilinear_kernel(factor: int, channels: int) -> Tensor:
    """Filters (C, C, K, K) that enlarge each channel by `factor`, K = 2 * factor - factor % 2."""
    size = 2 * factor - factor % 2
    distance = (torch.arange(size, dtype=torch.float64) - (size - 1) / 2).abs()
    profile = 1 - distance / factor
    return torch.einsum("cf,k,l->cfkl", torch.eye(channels, dtype=torch.float64), profile, profile)

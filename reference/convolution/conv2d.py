"""Oracle for convolution/conv2d.

Judge in float64: on a GPU, float32 convolutions may be rounded to TF32 on the way.
"""

import torch.nn.functional as F
from torch import Tensor


def pad2d(x: Tensor, padding: int) -> Tensor:
    """Images of shape (N, C, H, W) framed by zeros, of shape (N, C, H + 2p, W + 2p)."""
    return F.pad(x, (padding,) * 4)


def conv2d_forward(x: Tensor, w: Tensor, b: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    """Cross-correlation of x (N, C, H, W) and filters w (F, C, KH, KW), plus b (F,): (N, F, H', W')."""
    return F.conv2d(x, w, b, stride=stride, padding=padding)


def im2col(x: Tensor, kh: int, kw: int, stride: int = 1, padding: int = 0) -> Tensor:
    """Every window of x (N, C, H, W) as a row: shape (N * H' * W', C * KH * KW)."""
    windows = F.unfold(x, (kh, kw), stride=stride, padding=padding)  # (N, C * KH * KW, H' * W')
    return windows.transpose(1, 2).reshape(-1, windows.shape[1])

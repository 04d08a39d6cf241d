"""Oracle for vision/segmentation."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def fcn_fuse(coarse: Tensor, fine: Tensor, up: Tensor) -> Tensor:
    """Scores coarse (N, K, h, w), doubled by the kernel up (K, K, 4, 4), plus those of fine (N, K, H, W)."""
    return doubled(coarse, up, fine) + fine


def doubled(x: Tensor, up: Tensor, like: Tensor) -> Tensor:
    """x, twice as large, cut at the bottom and the right to the size of another map."""
    return F.conv_transpose2d(x, up, stride=2, padding=1)[:, :, : like.shape[2], : like.shape[3]]


def bilinear(channels: int) -> Tensor:
    """The kernel (channels, channels, 4, 4) that doubles each channel by bilinear interpolation."""
    ramp = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 4
    return torch.eye(channels)[:, :, None, None] * torch.outer(ramp, ramp)


class FCN(nn.Module):
    """Three convolutions, two poolings, and scores from two depths: images (N, C, H, W) to scores (N, K, H, W)."""

    def __init__(self, in_channels: int = 1, num_classes: int = 2, width: int = 8) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, 2 * width, 3, padding=1)
        self.conv3 = nn.Conv2d(2 * width, 4 * width, 3, padding=1)
        self.score_fine = nn.Conv2d(2 * width, num_classes, 1)
        self.score_coarse = nn.Conv2d(4 * width, num_classes, 1)
        self.up_coarse = self.enlarging(num_classes)
        self.up_fine = self.enlarging(num_classes)

    def enlarging(self, classes: int) -> nn.ConvTranspose2d:
        layer = nn.ConvTranspose2d(classes, classes, 4, stride=2, padding=1, bias=False)
        layer.weight.data = self.start(classes)
        return layer

    def start(self, classes: int) -> Tensor:
        return bilinear(classes)

    def forward(self, x: Tensor) -> Tensor:
        first = F.relu(self.conv1(x))
        second = F.relu(self.conv2(self.smaller(first)))
        third = F.relu(self.conv3(self.smaller(second)))
        fused = self.fuse(self.score_coarse(third), self.score_fine(second), self.up_coarse.weight)
        return doubled(fused, self.up_fine.weight, x)

    def smaller(self, x: Tensor) -> Tensor:
        return F.max_pool2d(x, 2, ceil_mode=True)

    def fuse(self, coarse: Tensor, fine: Tensor, up: Tensor) -> Tensor:
        return fcn_fuse(coarse, fine, up)

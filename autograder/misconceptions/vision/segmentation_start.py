"""Known mistakes of vision/segmentation: what the layers that enlarge begin with."""

import torch
from torch import Tensor, nn

from autograder.model import Misconception
from reference.vision.segmentation import FCN, bilinear


class _RandomStart(FCN):
    def enlarging(self, classes: int) -> nn.ConvTranspose2d:
        return nn.ConvTranspose2d(classes, classes, 4, stride=2, padding=1, bias=False)


class _AllPairs(FCN):
    """Each class is enlarged into all classes."""

    def start(self, classes: int) -> Tensor:
        return bilinear(1).expand(classes, classes, 4, 4).clone()


class _Normalised(FCN):
    def start(self, classes: int) -> Tensor:
        return bilinear(classes) / 4


class _Ones(FCN):
    def start(self, classes: int) -> Tensor:
        return torch.eye(classes)[:, :, None, None].expand(classes, classes, 4, 4).clone()


class _Nearest(FCN):
    def start(self, classes: int) -> Tensor:
        middle = torch.tensor([0.0, 1.0, 1.0, 0.0])
        return torch.eye(classes)[:, :, None, None] * torch.outer(middle, middle)


class _WiderRamp(FCN):
    """Interpolation that goes down to 0 at the kernel's edge: (0, 1/2, 1, 1/2)."""

    def start(self, classes: int) -> Tensor:
        ramp = torch.tensor([0.0, 0.5, 1.0, 0.5])
        return torch.eye(classes)[:, :, None, None] * torch.outer(ramp, ramp)


class _Biased(FCN):
    def enlarging(self, classes: int) -> nn.ConvTranspose2d:
        layer = nn.ConvTranspose2d(classes, classes, 4, stride=2, padding=1)
        layer.weight.data = bilinear(classes)
        return layer


class _Frozen(FCN):
    def enlarging(self, classes: int) -> nn.ConvTranspose2d:
        layer = super().enlarging(classes)
        layer.weight.requires_grad_(False)
        return layer


START = (
    Misconception(
        "enlarging-starts-at-random",
        "Your layers that enlarge begin with random numbers.",
        "They begin as bilinear interpolation: fill up_coarse.weight and up_fine.weight.",
        {"FCN": _RandomStart},
    ),
    Misconception(
        "classes-mixed-at-start",
        "You fill the kernel for every pair of classes.",
        "Each class is enlarged on its own: weight[i, j] is 0 for i != j.",
        {"FCN": _AllPairs},
    ),
    Misconception(
        "kernel-normalised-to-1",
        "Your kernels sum to 1.",
        "Each pixel of the larger map is reached by a quarter of the kernel: that quarter sums to 1, the kernel to 4.",
        {"FCN": _Normalised},
    ),
    Misconception(
        "kernel-of-ones",
        "Your kernels are 1 everywhere.",
        "Interpolation weighs near pixels more: the outer product of (1/4, 3/4, 3/4, 1/4) with itself.",
        {"FCN": _Ones},
    ),
    Misconception(
        "nearest-for-bilinear",
        "Your kernels repeat each pixel: that is the nearest neighbour, not bilinear interpolation.",
        "The outer product of (1/4, 3/4, 3/4, 1/4) with itself.",
        {"FCN": _Nearest},
    ),
    Misconception(
        "kernel-off-centre",
        "Your kernels have their largest number at one pixel, and so move the image by half a pixel.",
        "The centre of a kernel of 4 lies between two pixels: (1/4, 3/4, 3/4, 1/4).",
        {"FCN": _WiderRamp},
    ),
    Misconception(
        "enlarging-with-bias",
        "Your layers that enlarge have biases.",
        "bias=False: the scores have biases already.",
        {"FCN": _Biased},
    ),
    Misconception(
        "enlarging-frozen",
        "Your layers that enlarge are not trained.",
        "They begin as interpolation, and learn like all others: leave requires_grad as it is.",
        {"FCN": _Frozen},
    ),
)

"""Known mistakes of vision/segmentation."""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.misconceptions.vision.segmentation_network import NETWORK
from autograder.misconceptions.vision.segmentation_start import START
from autograder.model import Misconception
from reference.vision.segmentation import FCN, bilinear, doubled

Fuse = Callable[[Tensor, Tensor, Tensor], Tensor]


def _both(fuse: Fuse) -> dict[str, Callable[..., Any]]:
    """The same mistake in fcn_fuse, and in a network that calls it."""

    class Wrong(FCN):
        def fuse(self, coarse: Tensor, fine: Tensor, up: Tensor) -> Tensor:
            return fuse(coarse, fine, up)

    return {"fcn_fuse": fuse, "FCN": Wrong}


def _large(coarse: Tensor, up: Tensor, padding: int = 1) -> Tensor:
    return F.conv_transpose2d(coarse, up, stride=2, padding=padding)


def _cut_from(top: int, left: int, large: Tensor, like: Tensor) -> Tensor:
    return large[:, :, top : top + like.shape[2], left : left + like.shape[3]]


def _without_padding(coarse: Tensor, fine: Tensor, up: Tensor) -> Tensor:
    return _cut_from(0, 0, _large(coarse, up, padding=0), fine) + fine


def _cut_in_front(coarse: Tensor, fine: Tensor, up: Tensor) -> Tensor:
    large = _large(coarse, up)
    return _cut_from(large.shape[2] - fine.shape[2], large.shape[3] - fine.shape[3], large, fine) + fine


def _not_cut(coarse: Tensor, fine: Tensor, up: Tensor) -> Tensor:
    return _large(coarse, up) + fine


def _resized(coarse: Tensor, fine: Tensor, up: Tensor) -> Tensor:
    """Squeezed to the size of the fine scores, not cut."""
    return F.interpolate(_large(coarse, up), fine.shape[2:], mode="bilinear") + fine


def _interpolated(mode: str) -> Fuse:
    def fuse(coarse: Tensor, fine: Tensor, up: Tensor) -> Tensor:
        return _cut_from(0, 0, F.interpolate(coarse, scale_factor=2, mode=mode), fine) + fine

    return fuse


def _correlated(coarse: Tensor, fine: Tensor, up: Tensor) -> Tensor:
    """A convolution over the spread-out scores, with the kernel not turned round."""
    return doubled(coarse, up.flip(2, 3), fine) + fine


FUSING = (
    Misconception(
        "skip-left-out",
        "You enlarge the coarse scores and leave the fine ones out.",
        "Positions that pooling has lost come back with the fine scores: add them.",
        _both(lambda coarse, fine, up: doubled(coarse, up, fine)),
    ),
    Misconception(
        "coarse-left-out",
        "You return the fine scores alone.",
        "What is in the image is best known to the coarse scores: enlarge them and add.",
        _both(lambda coarse, fine, up: fine + 0 * doubled(coarse, up, fine)),
    ),
    Misconception(
        "scores-averaged",
        "You take the mean of both.",
        "They are added.",
        _both(lambda coarse, fine, up: (doubled(coarse, up, fine) + fine) / 2),
    ),
    Misconception(
        "scores-multiplied",
        "You multiply the scores.",
        "They are added: scores are logits.",
        _both(lambda coarse, fine, up: doubled(coarse, up, fine) * fine),
    ),
    Misconception(
        "scores-concatenated",
        "You put both side by side, as channels.",
        "Both are scores of the same classes: add them. U-Net is what concatenates.",
        {"fcn_fuse": lambda coarse, fine, up: torch.cat([doubled(coarse, up, fine), fine], 1)},
    ),
    Misconception(
        "enlarged-without-padding",
        "You leave out padding=1 and cut the result off at the bottom and the right.",
        "Without padding the enlarged scores sit one pixel too far down and to the right.",
        _both(_without_padding),
    ),
    Misconception(
        "kernel-ignored-for-bilinear",
        "You interpolate, whatever up says.",
        "The kernel is trained: it begins as interpolation, but need not stay so. Use F.conv_transpose2d.",
        _both(_interpolated("bilinear")),
    ),
    Misconception(
        "kernel-ignored-for-nearest",
        "You repeat each coarse score, whatever up says.",
        "The kernel up is what enlarges: use F.conv_transpose2d with stride 2 and padding 1.",
        _both(_interpolated("nearest")),
    ),
    Misconception(
        "kernel-always-bilinear",
        "You use the bilinear kernel, whatever up says.",
        "It is only what up begins as.",
        _both(lambda coarse, fine, up: doubled(coarse, bilinear(len(up)).to(up), fine) + fine),
    ),
    Misconception(
        "kernel-turned-round",
        "You turn the kernel round.",
        "A transposed convolution spreads each score over the kernel as it is.",
        _both(_correlated),
    ),
    Misconception(
        "kernel-axes-exchanged",
        "You exchange the first two axes of the kernel.",
        "Of a transposed convolution, axis 0 is the channel that comes in, axis 1 the one that goes out.",
        _both(lambda coarse, fine, up: doubled(coarse, up.transpose(0, 1), fine) + fine),
    ),
    Misconception(
        "cut-off-in-front",
        "You cut off the first row and column where there is one too many.",
        "Pooling has put the odd pixel into the last window: cut off at the bottom and the right.",
        _both(_cut_in_front),
    ),
    Misconception(
        "squeezed-to-size",
        "You squeeze the enlarged scores to the size of the fine ones.",
        "That moves every pixel a little: cut off the last row or column.",
        _both(_resized),
    ),
    Misconception(
        "not-cut-off",
        "You add maps of different sizes.",
        "Where the fine scores have a row or a column less, cut it off.",
        _both(_not_cut),
    ),
)

MISCONCEPTIONS = (*FUSING, *START, *NETWORK)

"""Mistakes of convolution/filters in kernels made by hand, and in sliding a kernel over an image."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.model import Misconception
from reference.convolution.filters import apply_filter, handcrafted_filter

Wrong = Mapping[str, Callable[..., Any]]


def _kernels(**changed: Callable[[Tensor], Tensor]) -> Wrong:
    """Hand-made kernels, some of them changed."""

    def kernel(name: str) -> Tensor:
        right = handcrafted_filter(name)
        return changed[name](right) if name in changed else right

    return {"handcrafted_filter": kernel}


def _other(name: str) -> Callable[[Tensor], Tensor]:
    return lambda kernel: handcrafted_filter(name)


def _framed(make_frame: Callable[[Tensor, int, int], Tensor]) -> Wrong:
    """Padding "same" with a frame of one's own."""

    def apply(image: Tensor, kernel: Tensor, padding: str = "same") -> Tensor:
        if padding == "same":
            image = make_frame(image, *kernel.shape)
        return apply_filter(image, kernel, "valid")

    return {"apply_filter": apply}


def _pad(image: Tensor, frame: tuple[int, int, int, int], mode: str = "constant") -> Tensor:
    return F.pad(image[None, None], frame, mode=mode)[0, 0]


def _applied(change: Callable[[Tensor, Tensor], Tensor]) -> Wrong:
    """The right image, with something done to it that nobody asked for."""
    return {"apply_filter": lambda image, kernel, padding="same": change(apply_filter(image, kernel, padding), kernel)}


def _on_its_side(image: Tensor, kernel: Tensor, padding: str = "same") -> Tensor:
    return apply_filter(image, kernel.T, padding)


def _corner_left_zero(image: Tensor, kernel: Tensor, padding: str = "same") -> Tensor:
    inside = apply_filter(image, kernel, "valid")
    if padding == "valid":
        return inside
    out = torch.zeros_like(image)
    kh, kw = kernel.shape
    out[kh // 2 : kh // 2 + inside.shape[0], kw // 2 : kw // 2 + inside.shape[1]] = inside
    return out


KERNELS = (
    Misconception(
        "box-not-divided",
        "Your box blur adds the nine pixels up and does not divide.",
        "A mean: the weights of a blur sum to 1, or the image becomes brighter.",
        _kernels(box_blur=lambda kernel: 9 * kernel),
    ),
    Misconception(
        "gaussian-not-divided",
        "The weights of your Gaussian blur do not sum to 1.",
        "Divide by their sum, or the image becomes brighter.",
        _kernels(gaussian_blur=lambda kernel: 16 * kernel),
    ),
    Misconception(
        "gaussian-added",
        "You add the weights of the two axes instead of multiplying them.",
        "A Gaussian is the product of one for the rows and one for the columns: the corners get 1 * 1.",
        _kernels(gaussian_blur=lambda kernel: torch.tensor([[2.0, 3, 2], [3, 4, 3], [2, 3, 2]]).double() / 24),
    ),
    Misconception(
        "edges-exchanged",
        "You exchange edge2 and edge3.",
        "edge2 knows the four direct neighbours, edge3 all eight.",
        _kernels(edge2=_other("edge3"), edge3=_other("edge2")),
    ),
    Misconception(
        "edge2-negative",
        "The signs of your edge2 are turned round.",
        "edge2 is the neighbours minus four times the pixel: the middle is negative.",
        _kernels(edge2=lambda kernel: -kernel),
    ),
    Misconception(
        "edge3-negative",
        "The signs of your edge3 are turned round.",
        "edge3 is eight times the pixel minus its neighbours: the middle is positive.",
        _kernels(edge3=lambda kernel: -kernel),
    ),
    Misconception(
        "edge1-negative",
        "The signs of your edge1 are turned round.",
        "Top left and bottom right count plus.",
        _kernels(edge1=lambda kernel: -kernel),
    ),
    Misconception(
        "sharpen-without-the-image",
        "Your sharpening keeps the edges only, and not the image.",
        "The pixel minus edge2: the weights sum to 1, not to 0.",
        _kernels(sharpen=lambda kernel: kernel - handcrafted_filter("identity")),
    ),
    Misconception(
        "sharpen-adds-edges",
        "You add edge2 where you should subtract it, which blurs.",
        "edge2 is negative on bright pixels: subtract it to make them brighter.",
        _kernels(sharpen=lambda kernel: 2 * handcrafted_filter("identity") - kernel),
    ),
    Misconception(
        "sharpen-with-eight-neighbours",
        "You sharpen with all eight neighbours.",
        "The pixel minus edge2, which knows the four direct neighbours only.",
        _kernels(sharpen=lambda kernel: handcrafted_filter("edge3") + handcrafted_filter("identity")),
    ),
    Misconception(
        "identity-of-the-matrix",
        "Your identity kernel is the identity matrix: it adds three pixels of a diagonal.",
        "The pixel itself: 1 in the middle, 0 elsewhere.",
        _kernels(identity=lambda kernel: torch.eye(3, dtype=torch.float64)),
    ),
)

APPLIED = (
    Misconception(
        "kernel-turned-round",
        "You turn the kernel round before you slide it: that is the mathematicians' convolution.",
        "kernel[k, l] meets the pixel k rows down and l columns to the right of the window's corner.",
        {"apply_filter": lambda image, kernel, padding="same": apply_filter(image, kernel.flip(0, 1), padding)},
        "CF01",
    ),
    Misconception(
        "kernel-on-its-side",
        "You exchange the kernel's rows and columns.",
        "Going down in the window is going down in the kernel.",
        {"apply_filter": _on_its_side},
    ),
    Misconception(
        "image-continued-at-its-border",
        "You continue the image with its outermost pixels.",
        "Padding same puts zeros around it: in np.pad that is mode='constant', the default.",
        _framed(lambda image, kh, kw: _pad(image, (kw // 2, kw // 2, kh // 2, kh // 2), "replicate")),
        "CF16",
    ),
    Misconception(
        "image-wraps-around",
        "What leaves your image on one side comes back on the other.",
        "Padding same puts zeros around it: np.roll and negative indices wrap around.",
        _framed(lambda image, kh, kw: _pad(image, (kw // 2, kw // 2, kh // 2, kh // 2), "circular")),
    ),
    Misconception(
        "zeros-after-only",
        "You put all the zeros below and to the right of the image.",
        "The kernel's centre visits every pixel: half of the zeros go above and to the left.",
        _framed(lambda image, kh, kw: _pad(image, (0, kw - 1, 0, kh - 1))),
        "CF17",
    ),
    Misconception(
        "zeros-before-only",
        "You put all the zeros above and to the left of the image.",
        "The kernel's centre visits every pixel: half of the zeros go below and to the right.",
        _framed(lambda image, kh, kw: _pad(image, (kw - 1, 0, kh - 1, 0))),
    ),
    Misconception(
        "one-pixel-of-zeros",
        "You put one pixel of zeros around the image whatever the kernel's size.",
        "A kernel of 5 needs 2 pixels on each side: KH // 2 and KW // 2.",
        _framed(lambda image, kh, kw: _pad(image, (1, 1, 1, 1))),
        "CF06",
    ),
    Misconception(
        "border-left-zero",
        "You leave those outputs at 0 at which the kernel sticks out of the image.",
        "With padding same, zeros stand in for what is missing there, and the rest of the sum counts.",
        {"apply_filter": _corner_left_zero},
    ),
    Misconception(
        "always-same-padding",
        "You pad whatever the padding argument says.",
        "With valid, the kernel stays inside the image, and the result is smaller.",
        {"apply_filter": lambda image, kernel, padding="same": apply_filter(image, kernel)},
    ),
    Misconception(
        "never-padded",
        "You never pad, whatever the padding argument says.",
        "With same, the result is as large as the image.",
        _framed(lambda image, kh, kw: image),
        "CF07",
    ),
    Misconception(
        "negative-pixels-cut",
        "You set negative results to 0.",
        "Edges have two sides, one of them negative: leave the values as they are.",
        _applied(lambda out, kernel: out.clamp(min=0)),
    ),
    Misconception(
        "mean-of-the-window",
        "You divide by the number of entries of the kernel.",
        "Slide and sum: a kernel that is to divide does so itself, as the blurs do.",
        _applied(lambda out, kernel: out / kernel.numel()),
        "CF14",
    ),
)

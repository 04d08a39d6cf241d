"""Oracle for convolution/filters."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

KERNELS = {
    "identity": ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], 1),
    "edge1": ([[1, 0, -1], [0, 0, 0], [-1, 0, 1]], 1),
    "edge2": ([[0, 1, 0], [1, -4, 1], [0, 1, 0]], 1),
    "edge3": ([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], 1),
    "sharpen": ([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], 1),
    "box_blur": ([[1, 1, 1], [1, 1, 1], [1, 1, 1]], 9),
    "gaussian_blur": ([[1, 2, 1], [2, 4, 2], [1, 2, 1]], 16),
}


def handcrafted_filter(name: str) -> Tensor:
    """One of KERNELS, of shape (3, 3)."""
    weights, divisor = KERNELS[name]
    return torch.tensor(weights, dtype=torch.float64) / divisor


def apply_filter(image: Tensor, kernel: Tensor, padding: str = "same") -> Tensor:
    """Cross-correlation of an image (H, W) and a kernel (KH, KW), odd for "same"."""
    kh, kw = kernel.shape
    frame = (kh // 2, kw // 2) if padding == "same" else (0, 0)
    return F.conv2d(image[None, None], kernel[None, None], padding=frame)[0, 0]


def gabor_kernel(size: int, theta: float, lam: float, sigma: float, gamma: float = 1.0, psi: float = 0.0) -> Tensor:
    """A wave under a bell, of shape (size, size)."""
    axis = torch.arange(size, dtype=torch.float64) - (size - 1) / 2
    x, y = axis[None, :], axis[:, None]
    along = x * math.cos(theta) + y * math.sin(theta)
    across = y * math.cos(theta) - x * math.sin(theta)
    bell = torch.exp(-(along**2 + (gamma * across) ** 2) / (2 * sigma**2))
    return bell * torch.cos(2 * math.pi * along / lam + psi)


def random_gabor_bank(rng: torch.Generator, n: int, size: int) -> Tensor:
    """Windows (n, size, size) cut at random from Gabor kernels: the course's ranges, torch's generator."""

    def uniform(low: float, high: float) -> float:
        return low + (high - low) * torch.rand((), generator=rng, dtype=torch.float64).item()

    bank = torch.empty(n, size, size, dtype=torch.float64)
    for window in bank:
        theta, lam = uniform(0, math.pi), size * uniform(0.25, 0.75)
        sigma, psi = size * uniform(0.1, 0.2), uniform(0, 2 * math.pi)
        row, column = (int(i) for i in torch.randint(size, (2,), generator=rng))
        large = gabor_kernel(2 * size - 1, theta, lam, sigma, psi=psi)
        window[:] = large[row : row + size, column : column + size]
    return bank


def template_features(x: Tensor, templates: Tensor) -> Tensor:
    """How much each image of x (N, D) looks like each of the templates (P, D): (N, P), nothing below 0."""
    return (x @ templates.T).clamp(min=0)


def conv1x1(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """A dense layer, w (F, C) and b (F,), at each pixel of x (N, C, H, W): (N, F, H, W)."""
    return F.conv2d(x, w[:, :, None, None], b)


def merge_conv(w1: Tensor, w2: Tensor) -> Tensor:
    """One filter bank (F, C, KH1 + KH2 - 1, KW1 + KW2 - 1) for w1 (M, C, KH1, KW1) and then w2 (F, M, KH2, KW2)."""
    kh, kw = w2.shape[2:]
    return F.conv2d(w1.transpose(0, 1), w2.flip(2, 3), padding=(kh - 1, kw - 1)).transpose(0, 1)


def shift_kernel() -> Tensor:
    """Moves an image one pixel to the right."""
    return torch.tensor([[0.0, 0, 0], [1, 0, 0], [0, 0, 0]], dtype=torch.float64)


def second_difference_kernel() -> Tensor:
    """The second difference along a row."""
    return torch.tensor([[1.0, -2, 1]], dtype=torch.float64)


def find_x() -> tuple[Tensor, float]:
    """Above zero for the X of the lecture, and for no other patch of zeros and ones."""
    cross = torch.tensor([[1.0, -1, 1], [-1, 1, -1], [1, -1, 1]], dtype=torch.float64)
    return cross, -4.0


def grey_kernel() -> Tensor:
    """Red, green and blue to grey, of shape (1, 3)."""
    return torch.tensor([[0.299, 0.587, 0.114]], dtype=torch.float64)

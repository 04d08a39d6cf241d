"""Mistakes of convolution/filters in Gabor kernels."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from autograder.model import Misconception
from reference.convolution.filters import gabor_kernel

Wrong = Mapping[str, Callable[..., Any]]


def _inserted(**changes: Callable[..., float]) -> Wrong:
    """The right kernel for other numbers: each change is a function of all of them, by name."""

    def kernel(size: int, theta: float, lam: float, sigma: float, gamma: float = 1.0, psi: float = 0.0) -> Tensor:
        given = {"theta": theta, "lam": lam, "sigma": sigma, "gamma": gamma, "psi": psi}
        return gabor_kernel(size, **(given | {name: change(**given) for name, change in changes.items()}))

    return {"gabor_kernel": kernel}


def _turned(change: Callable[[Tensor], Tensor]) -> Wrong:
    return {"gabor_kernel": lambda *numbers, **options: change(gabor_kernel(*numbers, **options))}


def _written(
    wave: Callable[..., Tensor] = lambda u, v, lam, psi: torch.cos(2 * math.pi * u / lam + psi),
    bell: Callable[..., Tensor] = lambda u, v, sigma, gamma: torch.exp(-(u**2 + gamma**2 * v**2) / (2 * sigma**2)),
    middle: Callable[[int], float] = lambda size: (size - 1) / 2,
) -> Wrong:
    """The formula with its own wave and bell, in u along and v across, and its own middle."""

    def kernel(size: int, theta: float, lam: float, sigma: float, gamma: float = 1.0, psi: float = 0.0) -> Tensor:
        axis = torch.arange(size, dtype=torch.float64) - middle(size)
        x, y = axis[None, :], axis[:, None]
        u = x * math.cos(theta) + y * math.sin(theta)
        v = y * math.cos(theta) - x * math.sin(theta)
        return bell(u, v, sigma, gamma) * wave(u, v, lam, psi)

    return {"gabor_kernel": kernel}


def _unit_norm(kernel: Tensor) -> Tensor:
    normalised: Tensor = kernel / kernel.norm()
    return normalised


GABORS = (
    Misconception(
        "gabor-y-upwards",
        "Your y axis points up.",
        "y grows downwards, as the row index does.",
        _inserted(theta=lambda theta, **_: -theta),
    ),
    Misconception(
        "gabor-rows-for-x",
        "You let x run down the rows and y along the columns.",
        "x runs to the right, as the column index does; np.meshgrid gives x first.",
        _turned(lambda kernel: kernel.T),
    ),
    Misconception(
        "gabor-in-degrees",
        "You take theta for degrees.",
        "theta is in radians: np.cos takes it as it is.",
        _inserted(theta=lambda theta, **_: math.radians(theta)),
    ),
    Misconception(
        "gabor-bell-without-the-two",
        "Your bell is exp(-r^2 / sigma^2).",
        "Look at the denominator in the exponent: 2 sigma^2.",
        _inserted(sigma=lambda sigma, **_: sigma / math.sqrt(2)),
    ),
    Misconception(
        "gabor-sigma-not-squared",
        "You divide by 2 sigma in the exponent.",
        "Look at the denominator in the exponent: 2 sigma^2.",
        _inserted(sigma=lambda sigma, **_: math.sqrt(sigma)),
    ),
    Misconception(
        "gabor-gamma-not-squared",
        "You multiply y'^2 by gamma.",
        "It is gamma * y' that is squared: gamma^2 y'^2.",
        _inserted(gamma=lambda gamma, **_: math.sqrt(gamma)),
    ),
    Misconception(
        "gabor-gamma-ignored",
        "You leave gamma out.",
        "gamma narrows the bell across the wave: it stands before y'.",
        _inserted(gamma=lambda **_: 1.0),
    ),
    Misconception(
        "gabor-gamma-divides",
        "You divide y' by gamma.",
        "A larger gamma makes the bell narrower: y' is multiplied by it.",
        _inserted(gamma=lambda gamma, **_: 1 / gamma),
    ),
    Misconception(
        "gabor-gamma-along",
        "You let gamma act along the wave.",
        "gamma stands before y', the direction across the wave.",
        _written(bell=lambda u, v, sigma, gamma: torch.exp(-(gamma**2 * u**2 + v**2) / (2 * sigma**2))),
    ),
    Misconception(
        "gabor-psi-ignored",
        "You leave psi out.",
        "psi is added inside the cosine.",
        _inserted(psi=lambda **_: 0.0),
    ),
    Misconception(
        "gabor-psi-subtracted",
        "You subtract psi.",
        "psi is added inside the cosine.",
        _inserted(psi=lambda psi, **_: -psi),
    ),
    Misconception(
        "gabor-wavelength-multiplied",
        "You multiply by lam: that would make it a frequency.",
        "lam is a wavelength: after lam pixels, 2 pi x' / lam has gone once round.",
        _inserted(lam=lambda lam, **_: 1 / lam),
    ),
    Misconception(
        "gabor-wave-without-two-pi",
        "Your wave is cos(x' / lam).",
        "After lam pixels the wave has gone once round: 2 pi x' / lam.",
        _inserted(lam=lambda lam, **_: 2 * math.pi * lam),
    ),
    Misconception(
        "gabor-sine",
        "Your wave is a sine.",
        "With psi = 0 the wave is at its top in the middle: a cosine.",
        _inserted(psi=lambda psi, **_: psi - math.pi / 2),
    ),
    Misconception(
        "gabor-wave-across",
        "Your wave runs along y'.",
        "The wave runs along x', and gamma acts along y'.",
        _written(wave=lambda u, v, lam, psi: torch.cos(2 * math.pi * v / lam + psi)),
    ),
    Misconception(
        "gabor-from-the-corner",
        "Your x and y start at 0 in the corner.",
        "They are 0 in the middle of the kernel: subtract (size - 1) / 2.",
        _written(middle=lambda size: 0.0),
    ),
    Misconception(
        "gabor-middle-on-a-pixel",
        "With an even size, the middle of your kernel lies on a pixel.",
        "It lies between two pixels: subtract (size - 1) / 2, not size // 2.",
        _written(middle=lambda size: size // 2),
    ),
    Misconception(
        "gabor-of-norm-one",
        "You divide the kernel by its norm.",
        "Nothing is normalised.",
        _turned(_unit_norm),
    ),
    Misconception(
        "gabor-without-mean",
        "You subtract the mean of the kernel.",
        "Nothing is normalised, and nothing subtracted.",
        _turned(lambda kernel: kernel - kernel.mean()),
    ),
    Misconception(
        "gabor-with-the-gaussians-factor",
        "You divide by 2 pi sigma^2, as for a Gaussian density.",
        "Nothing is normalised: the bell is 1 in the middle.",
        _written(
            bell=lambda u, v, sigma, gamma: (
                torch.exp(-(u**2 + gamma**2 * v**2) / (2 * sigma**2)) / (2 * math.pi * sigma**2)
            )
        ),
    ),
)

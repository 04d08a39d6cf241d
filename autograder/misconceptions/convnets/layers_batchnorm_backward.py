"""Mistakes of convnets/layers in the backward pass of batch normalisation."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.model import Misconception
from reference.gradients import vjp

Wrong = dict[str, Callable[..., Any]]
ALL = (0, 2, 3)


def wide(channels: Tensor) -> Tensor:
    """One number a channel, spread over images of shape (N, C, H, W)."""
    return channels[:, None, None]


def _normal(x: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    """x normalised, and the deviation."""
    deviation = (x.var(ALL, correction=0, keepdim=True) + eps).sqrt()
    return (x - x.mean(ALL, keepdim=True)) / deviation, deviation


def _right_back(dout: Tensor, x: Tensor, gamma: Tensor, eps: float = 1e-5) -> dict[str, Tensor]:
    """dx, dgamma and dbeta, by autograd through the textbook formula."""

    def out(x: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
        return wide(gamma) * _normal(x, eps)[0] + wide(beta)

    found = vjp(out, {"x": x, "gamma": gamma, "beta": torch.zeros_like(gamma)}, ("x", "gamma", "beta"), (dout,))
    return {f"d{name}": value for name, value in found.items()}


Gradient = Callable[[Tensor, Tensor, Tensor, float], Tensor]


def _back(**results: Gradient) -> Wrong:
    """A backward pass that is right but for the results given, each from dout, x, gamma and eps."""

    def backward(dout: Tensor, x: Tensor, gamma: Tensor, eps: float = 1e-5) -> tuple[Tensor, ...]:
        found = _right_back(dout, x, gamma, eps)
        return tuple((found | {name: result(dout, x, gamma, eps) for name, result in results.items()}).values())

    return {"batchnorm2d_backward": backward}


def _dx(mean: bool = True, var: bool = True, scaled: bool = True, sums: bool = False, axes: Any = ALL) -> Gradient:
    """dx with terms left out: those of the mean and of the variance, and gamma."""

    def dx(dout: Tensor, x: Tensor, gamma: Tensor, eps: float) -> Tensor:
        normal, deviation = _normal(x, eps)
        sent = dout * wide(gamma) if scaled else dout
        reduce = torch.sum if sums else torch.mean
        through_mean = reduce(sent, axes, keepdim=True) if mean else 0.0
        through_var = normal * reduce(sent * normal, axes, keepdim=True) if var else 0.0
        return (sent - through_mean - through_var) / deviation

    return dx


def _dgamma_dbeta_exchanged(dout: Tensor, x: Tensor, gamma: Tensor, eps: float = 1e-5) -> tuple[Tensor, ...]:
    found = _right_back(dout, x, gamma, eps)
    return found["dx"], found["dbeta"], found["dgamma"]


def _default_eps(dout: Tensor, x: Tensor, gamma: Tensor, eps: float = 1e-5) -> tuple[Tensor, ...]:
    return tuple(_right_back(dout, x, gamma).values())


def _averaged(name: str) -> Gradient:
    return lambda dout, x, gamma, eps: _right_back(dout, x, gamma, eps)[name] / (x.numel() // x.shape[1])


BACKWARD = (
    Misconception(
        "statistics-taken-for-constants",
        "You treat mean and variance as constants in dx.",
        "Both depend on x: subtract the mean of the gradient, and its part along the normalised x.",
        _back(dx=_dx(mean=False, var=False)),
    ),
    Misconception(
        "variance-taken-for-a-constant",
        "You leave the variance out of dx.",
        "The variance depends on x too: subtract normal * mean(gradient * normal).",
        _back(dx=_dx(var=False)),
    ),
    Misconception(
        "mean-taken-for-a-constant",
        "You leave the mean out of dx.",
        "The mean depends on x too: subtract the mean of the gradient over the channel.",
        _back(dx=_dx(mean=False)),
    ),
    Misconception(
        "gamma-forgotten-in-dx",
        "You leave gamma out of dx.",
        "What reaches the normalised x is dout * gamma.",
        _back(dx=_dx(scaled=False)),
    ),
    Misconception(
        "sums-for-means-in-dx",
        "You subtract sums over the channel in dx.",
        "The mean is a sum divided by n = N * H * W: both terms have that 1 / n.",
        _back(dx=_dx(sums=True)),
    ),
    Misconception(
        "means-over-the-batch-only",
        "You average over the samples only in dx.",
        "A channel has N * H * W pixels: average over axes 0, 2 and 3.",
        _back(dx=_dx(axes=(0,))),
    ),
    Misconception(
        "eps-ignored-in-backward",
        "You use an eps of your own in the backward pass.",
        "The deviation is the same as forward: sqrt(var + eps), with the eps that is given.",
        {"batchnorm2d_backward": _default_eps},
    ),
    Misconception(
        "dgamma-from-x",
        "You multiply dout by x in dgamma.",
        "gamma multiplies the normalised x: dgamma sums dout * normal.",
        _back(dgamma=lambda dout, x, gamma, eps: (dout * x).sum(ALL)),
    ),
    Misconception(
        "dgamma-and-dbeta-exchanged",
        "You return dbeta in the place of dgamma.",
        "The order is that of the arguments: dx, dgamma, dbeta.",
        {"batchnorm2d_backward": _dgamma_dbeta_exchanged},
    ),
    Misconception(
        "dgamma-and-dbeta-averaged",
        "You average dgamma and dbeta over the pixels of a channel.",
        "gamma and beta act on every pixel, and each sends a gradient: they are sums.",
        _back(dgamma=_averaged("dgamma"), dbeta=_averaged("dbeta")),
    ),
    Misconception(
        "dgamma-and-dbeta-over-the-batch-only",
        "You sum dgamma and dbeta over the samples only.",
        "They have the shape (C,): sum over axes 0, 2 and 3.",
        _back(
            dgamma=lambda dout, x, gamma, eps: (dout * _normal(x, eps)[0]).sum(0), dbeta=lambda dout, *_: dout.sum(0)
        ),
    ),
    Misconception(
        "dgamma-and-dbeta-with-spare-axes",
        "Your dgamma and dbeta have the right sums, in arrays with axes of length 1.",
        "They have the shape (C,): drop the axes that you summed over.",
        _back(
            dgamma=lambda dout, x, gamma, eps: (dout * _normal(x, eps)[0]).sum(ALL, keepdim=True),
            dbeta=lambda dout, *_: dout.sum(ALL, keepdim=True),
        ),
    ),
)

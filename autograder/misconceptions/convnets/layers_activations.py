"""Mistakes of convnets/layers in the activations."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.model import Misconception
from reference.convnets.layers import leaky_relu_forward

Wrong = dict[str, Callable[..., Any]]


def _forward(name: str, model: Callable[..., Tensor]) -> Wrong:
    return {f"{name}_forward": model}


def _slope(name: str, slope: Callable[..., Tensor]) -> Wrong:
    """A backward pass that multiplies dout by this function of x."""
    return {f"{name}_backward": lambda dout, x, **options: dout * slope(x, **options)}


def _positive(x: Tensor) -> Tensor:
    return (x > 0).to(x.dtype)


def _leaky_slope(x: Tensor, alpha: float = 0.01) -> Tensor:
    return torch.where(x > 0, 1.0, alpha)


def _dout_by_sign(dout: Tensor, x: Tensor) -> Tensor:
    return dout * _positive(dout)


def _half_sigmoid(x: Tensor) -> Tensor:
    return x.exp() / (1 + x.exp())


def _quotient(x: Tensor) -> Tensor:
    return (x.exp() - (-x).exp()) / (x.exp() + (-x).exp())


RELU = (
    Misconception(
        "size-for-relu",
        "Your ReLU returns |x|.",
        "Where x is negative the output is 0: max(x, 0).",
        _forward("relu", torch.abs),
    ),
    Misconception(
        "relu-turned-round",
        "Your ReLU keeps what is negative.",
        "Output = max(0, x): the larger of the two.",
        _forward("relu", lambda x: x.clamp(max=0)),
    ),
    Misconception(
        "relu-as-a-step",
        "Your ReLU returns 1 where x is positive.",
        "There it returns x itself: max(x, 0). The step is its slope.",
        _forward("relu", _positive),
    ),
    Misconception(
        "relu-mask-turned-round",
        "You pass the gradient where x is negative.",
        "The slope of max(x, 0) is 1 where x is positive and 0 where it is negative.",
        _slope("relu", lambda x: 1 - _positive(x)),
        "A01",
    ),
    Misconception(
        "relu-passes-everything",
        "You pass the gradient everywhere.",
        "Where x is negative the output does not move: there the gradient is 0.",
        _slope("relu", torch.ones_like),
    ),
    Misconception(
        "relu-gradient-times-output",
        "You multiply the gradient by relu(x).",
        "The slope is 1 where x is positive, not x.",
        _slope("relu", torch.relu),
    ),
    Misconception(
        "relu-mask-from-dout",
        "You look where dout is positive.",
        "The mask comes from what went in: the gradient passes where x is positive.",
        {"relu_backward": _dout_by_sign},
    ),
    Misconception(
        "relu-mask-returned",
        "You return the slope without dout.",
        "By the chain rule dx = dout * slope: double dout, and dx doubles.",
        {"relu_backward": lambda dout, x: _positive(x)},
    ),
)

LEAKY = (
    Misconception(
        "leak-on-the-positive-side",
        "You multiply the positive numbers by alpha.",
        "The leak is on the other side: alpha * x where x is negative.",
        _forward("leaky_relu", lambda x, alpha=0.01: torch.where(x > 0, alpha * x, x))
        | _slope("leaky_relu", lambda x, alpha=0.01: torch.where(x > 0, alpha, 1.0)),
        "A04",
    ),
    Misconception(
        "alpha-always-the-default",
        "You leak by 0.01, whatever alpha is.",
        "Use the argument: alpha * x where x is negative.",
        _forward("leaky_relu", lambda x, alpha=0.01: leaky_relu_forward(x))
        | _slope("leaky_relu", lambda x, alpha=0.01: _leaky_slope(x)),
    ),
    Misconception(
        "no-leak",
        "Nothing leaks: you compute a plain ReLU.",
        "Where x is negative the output is alpha * x, and the slope alpha.",
        _forward("leaky_relu", lambda x, alpha=0.01: torch.relu(x))
        | _slope("leaky_relu", lambda x, alpha=0.01: _positive(x)),
    ),
    Misconception(
        "alpha-for-the-negative-part",
        "You return alpha itself where x is negative.",
        "There the output is alpha * x; alpha alone is the slope.",
        _forward("leaky_relu", lambda x, alpha=0.01: torch.where(x > 0, x, alpha)),
    ),
    Misconception(
        "leak-turned-up",
        "Your leak is positive: you add alpha * |x|.",
        "Where x is negative the output is alpha * x, and that is negative too.",
        _forward("leaky_relu", lambda x, alpha=0.01: torch.where(x > 0, x, -alpha * x)),
    ),
    Misconception(
        "leaky-slope-times-x",
        "You multiply the gradient by x where x is negative.",
        "The slope there is alpha, not alpha * x.",
        _slope("leaky_relu", lambda x, alpha=0.01: torch.where(x > 0, 1.0, alpha * x)),
    ),
    Misconception(
        "leaky-dout-ignored",
        "You return the slope without dout.",
        "By the chain rule dx = dout * slope: double dout, and dx doubles.",
        {"leaky_relu_backward": lambda dout, x, alpha=0.01: _leaky_slope(x, alpha)},
    ),
)

SMOOTH = (
    Misconception(
        "sigmoid-overflows",
        "You compute exp(x) / (1 + exp(x)): infinity by infinity where x is large.",
        "Exponentiate only what is not positive, or use tanh: sigmoid(x) = (1 + tanh(x / 2)) / 2.",
        _forward("sigmoid", _half_sigmoid),
        "A03",
    ),
    Misconception(
        "sigmoid-turned-round",
        "Your sigmoid falls: the sign of x is wrong.",
        "sigmoid(x) = 1 / (1 + exp(-x)): mind the minus.",
        _forward("sigmoid", lambda x: torch.sigmoid(-x)),
    ),
    Misconception(
        "tanh-for-sigmoid",
        "Your sigmoid is a tanh: it runs from -1 to 1.",
        "sigmoid(x) = 1 / (1 + exp(-x)) runs from 0 to 1.",
        _forward("sigmoid", torch.tanh),
    ),
    Misconception(
        "sigmoid-of-the-output",
        "You take x for the sigmoid's output: x * (1 - x).",
        "backward gets what went in: compute s = sigmoid(x) first, then s * (1 - s).",
        _slope("sigmoid", lambda x: x * (1 - x)),
    ),
    Misconception(
        "sigmoid-twice",
        "You apply the sigmoid twice in the backward pass.",
        "s = sigmoid(x), and the slope is s * (1 - s).",
        _slope("sigmoid", lambda x: x.sigmoid().sigmoid() * (1 - x.sigmoid().sigmoid())),
    ),
    Misconception(
        "sigmoid-for-its-slope",
        "You multiply by the sigmoid, not by its slope.",
        "The slope is s * (1 - s).",
        _slope("sigmoid", torch.sigmoid),
    ),
    Misconception(
        "sigmoid-slope-squared",
        "You compute 1 - s ** 2: that is the slope of tanh.",
        "The slope of the sigmoid is s * (1 - s).",
        _slope("sigmoid", lambda x: 1 - x.sigmoid() ** 2),
    ),
    Misconception(
        "sigmoid-dout-ignored",
        "You return the slope of the sigmoid without dout.",
        "By the chain rule dx = dout * slope: double dout, and dx doubles.",
        {"sigmoid_backward": lambda dout, x: x.sigmoid() * (1 - x.sigmoid())},
    ),
    Misconception(
        "sigmoid-for-tanh",
        "Your tanh is a sigmoid: it runs from 0 to 1.",
        "tanh runs from -1 to 1: tanh(x) = 2 * sigmoid(2 * x) - 1.",
        _forward("tanh", torch.sigmoid),
    ),
    Misconception(
        "tanh-without-the-two",
        "You compute 2 * sigmoid(x) - 1: that is tanh(x / 2).",
        "tanh(x) = 2 * sigmoid(2 * x) - 1.",
        _forward("tanh", lambda x: torch.tanh(x / 2)),
    ),
    Misconception(
        "tanh-of-the-output",
        "You take x for the output of tanh: 1 - x ** 2.",
        "backward gets what went in: compute t = tanh(x) first, then 1 - t ** 2.",
        _slope("tanh", lambda x: 1 - x**2),
    ),
    Misconception(
        "tanh-twice",
        "You apply tanh twice in the backward pass.",
        "t = tanh(x), and the slope is 1 - t ** 2.",
        _slope("tanh", lambda x: 1 - x.tanh().tanh() ** 2),
        "A05",
    ),
    Misconception(
        "tanh-not-squared",
        "You compute 1 - t.",
        "The slope of tanh is 1 - t ** 2.",
        _slope("tanh", lambda x: 1 - x.tanh()),
    ),
    Misconception(
        "sigmoid-slope-for-tanh",
        "You compute t * (1 - t): that is the slope of the sigmoid.",
        "The slope of tanh is 1 - t ** 2.",
        _slope("tanh", lambda x: x.tanh() * (1 - x.tanh())),
    ),
    Misconception(
        "tanh-dout-ignored",
        "You return the slope of tanh without dout.",
        "By the chain rule dx = dout * slope: double dout, and dx doubles.",
        {"tanh_backward": lambda dout, x: 1 - x.tanh() ** 2},
    ),
    Misconception(
        "slope-overflows",
        "You compute the slope of tanh from quotients of exponentials that overflow.",
        "Take t = np.tanh(x), which does not, and 1 - t ** 2.",
        _slope("tanh", lambda x: 1 - _quotient(x) ** 2),
    ),
)

ACTIVATIONS = (*RELU, *LEAKY, *SMOOTH)

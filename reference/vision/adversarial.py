"""Oracle for vision/adversarial: the fast gradient sign method, and training against it."""

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def gradient_of(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    """The gradient of the summed cross-entropy by x, of a copy of the model in evaluation mode."""
    leaf = x.detach().clone().requires_grad_()
    with torch.enable_grad():
        total = F.cross_entropy(copy.deepcopy(model).eval()(leaf), y, reduction="sum")
    return torch.autograd.grad(total, leaf)[0]


def fgsm(model: nn.Module, x: Tensor, y: Tensor, eps: float = 0.007, lo: float = 0.0, hi: float = 1.0) -> Tensor:
    """Every pixel moved by eps in the direction of the gradient, within the limits."""
    return torch.clamp(x.detach() + eps * torch.sign(gradient_of(model, x, y)), lo, hi)


def step_on(model: nn.Module, opt: torch.optim.Optimizer, parts: list[tuple[float, Tensor]], y: Tensor) -> float:
    """One step on a weighted sum of losses, evaluated in their order; the sum before it."""
    model.zero_grad(set_to_none=True)
    terms = [weight * F.cross_entropy(model(images), y) for weight, images in parts]
    torch.stack(terms).sum().backward()  # type: ignore[no-untyped-call]
    opt.step()
    return float(sum(term.detach() for term in terms))


def adversarial_training_step(
    model: nn.Module, opt: torch.optim.Optimizer, x: Tensor, y: Tensor, eps: float, alpha: float = 0.5,
    attack: Callable[..., Any] = fgsm,
) -> float:  # fmt: skip
    """A step on the images and on attacked ones; `attack` may be another than fgsm."""
    attacked = attack(model, x, y, eps).detach()
    return step_on(model, opt, [(alpha, x), (1 - alpha, attacked)], y)

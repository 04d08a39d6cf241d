"""Mistakes of vision/adversarial: of the attack, and of training against it."""

import copy
import functools
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from autograder.model import Misconception
from reference.vision import adversarial as oracle

Wrong = dict[str, Callable[..., Any]]
Optimiser = torch.optim.Optimizer


def both(attack: Callable[..., Any]) -> Wrong:
    """A wrong attack, and what training comes to with it."""
    return {
        "fgsm": attack,
        "adversarial_training_step": functools.partial(oracle.adversarial_training_step, attack=attack),
    }


def _sign(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    return oracle.gradient_of(model, x, y).sign()


def _descends(model: nn.Module, x: Tensor, y: Tensor, eps: float = 0.007, lo: float = 0.0, hi: float = 1.0) -> Tensor:
    return (x - eps * _sign(model, x, y)).clamp(lo, hi)


def _no_sign(model: nn.Module, x: Tensor, y: Tensor, eps: float = 0.007, lo: float = 0.0, hi: float = 1.0) -> Tensor:
    return (x + eps * oracle.gradient_of(model, x, y) / len(x)).clamp(lo, hi)


def _no_limits(model: nn.Module, x: Tensor, y: Tensor, eps: float = 0.007, lo: float = 0.0, hi: float = 1.0) -> Tensor:
    return x + eps * _sign(model, x, y)


def _step_limited(
    model: nn.Module, x: Tensor, y: Tensor, eps: float = 0.007, lo: float = 0.0, hi: float = 1.0
) -> Tensor:
    return x + (eps * _sign(model, x, y)).clamp(lo, hi)


def _limits_ignored(
    model: nn.Module, x: Tensor, y: Tensor, eps: float = 0.007, lo: float = 0.0, hi: float = 1.0
) -> Tensor:
    return oracle.fgsm(model, x, y, eps)


def _accumulates(
    model: nn.Module, x: Tensor, y: Tensor, eps: float = 0.007, lo: float = 0.0, hi: float = 1.0
) -> Tensor:
    attacked = oracle.fgsm(model, x, y, eps, lo, hi)
    resting = copy.deepcopy(model).eval()
    for parameter in resting.parameters():
        parameter.grad = None
    F.cross_entropy(resting(x), y).backward()  # type: ignore[no-untyped-call]
    for parameter, other in zip(model.parameters(), resting.parameters(), strict=True):
        if parameter.grad is not None and other.grad is not None:
            parameter.grad = parameter.grad + other.grad
    return attacked


def _by_prediction(
    model: nn.Module, x: Tensor, y: Tensor, eps: float = 0.007, lo: float = 0.0, hi: float = 1.0
) -> Tensor:
    predicted = copy.deepcopy(model).eval()(x).argmax(1)
    return oracle.fgsm(model, x, predicted, eps, lo, hi)


def _in_training_mode(
    model: nn.Module, x: Tensor, y: Tensor, eps: float = 0.007, lo: float = 0.0, hi: float = 1.0
) -> Tensor:
    leaf = x.detach().clone().requires_grad_()
    [gradient] = torch.autograd.grad(F.cross_entropy(model(leaf), y), leaf)
    return (x + eps * gradient.sign()).clamp(lo, hi)


def _left_in_evaluation(
    model: nn.Module, x: Tensor, y: Tensor, eps: float = 0.007, lo: float = 0.0, hi: float = 1.0
) -> Tensor:
    return oracle.fgsm(model.eval(), x, y, eps, lo, hi)


def _per_255(model: nn.Module, x: Tensor, y: Tensor, eps: float = 0.007, lo: float = 0.0, hi: float = 1.0) -> Tensor:
    return oracle.fgsm(model, x, y, eps / 255, lo, hi)


def _in_place(model: nn.Module, x: Tensor, y: Tensor, eps: float = 0.007, lo: float = 0.0, hi: float = 1.0) -> Tensor:
    return x.copy_(oracle.fgsm(model, x, y, eps, lo, hi))


def _with_graph(model: nn.Module, x: Tensor, y: Tensor, eps: float = 0.007, lo: float = 0.0, hi: float = 1.0) -> Tensor:
    return oracle.fgsm(model, x, y, eps, lo, hi).requires_grad_()


def _attacked_only(model: nn.Module, opt: Optimiser, x: Tensor, y: Tensor, eps: float, alpha: float = 0.5) -> float:
    return oracle.step_on(model, opt, [(1.0, oracle.fgsm(model, x, y, eps))], y)


def _clean_only(model: nn.Module, opt: Optimiser, x: Tensor, y: Tensor, eps: float, alpha: float = 0.5) -> float:
    return oracle.step_on(model, opt, [(1.0, x)], y)


def _sum(model: nn.Module, opt: Optimiser, x: Tensor, y: Tensor, eps: float, alpha: float = 0.5) -> float:
    return oracle.step_on(model, opt, [(1.0, x), (1.0, oracle.fgsm(model, x, y, eps))], y)


def _swapped(model: nn.Module, opt: Optimiser, x: Tensor, y: Tensor, eps: float, alpha: float = 0.5) -> float:
    return oracle.adversarial_training_step(model, opt, x, y, eps, 1 - alpha)


def _half(model: nn.Module, opt: Optimiser, x: Tensor, y: Tensor, eps: float, alpha: float = 0.5) -> float:
    return oracle.adversarial_training_step(model, opt, x, y, eps)


def _eps_forgotten(model: nn.Module, opt: Optimiser, x: Tensor, y: Tensor, eps: float, alpha: float = 0.5) -> float:
    return oracle.adversarial_training_step(model, opt, x, y, 0.007, alpha)


def _not_zeroed(model: nn.Module, opt: Optimiser, x: Tensor, y: Tensor, eps: float, alpha: float = 0.5) -> float:
    attacked = oracle.fgsm(model, x, y, eps)
    loss = alpha * F.cross_entropy(model(x), y) + (1 - alpha) * F.cross_entropy(model(attacked), y)
    loss.backward()  # type: ignore[no-untyped-call]
    opt.step()
    return float(loss.detach())


def _two_steps(model: nn.Module, opt: Optimiser, x: Tensor, y: Tensor, eps: float, alpha: float = 0.5) -> float:
    clean = oracle.step_on(model, opt, [(alpha, x)], y)
    return clean + oracle.step_on(model, opt, [(1 - alpha, oracle.fgsm(model, x, y, eps))], y)


def _evaluating(model: nn.Module, opt: Optimiser, x: Tensor, y: Tensor, eps: float, alpha: float = 0.5) -> float:
    model.eval()
    loss = oracle.adversarial_training_step(model, opt, x, y, eps, alpha)
    model.train()
    return loss


MISCONCEPTIONS = (
    Misconception(
        "descends",
        "You step against the gradient: the loss falls.",
        "Training goes down the loss, an attack goes up: x + eps * sign(gradient).",
        both(_descends), "FG1",
    ),
    Misconception(
        "gradient-without-sign",
        "You add eps times the gradient, not its sign.",
        "Every pixel moves by eps: what counts of each entry of the gradient is only whether it is above 0.",
        both(_no_sign), "FG2",
    ),
    Misconception(
        "pixels-out-of-range",
        "You do not cut the result off at lo and hi: some pixels leave the range.",
        "An image has pixels from lo to hi: (x + ...).clamp(lo, hi).",
        both(_no_limits), "FG3",
    ),
    Misconception(
        "step-cut-off",
        "You cut off the step instead of the image.",
        "The limits are those of a pixel, so clamp the sum x + eps * sign, not the second term.",
        both(_step_limited),
    ),
    Misconception(
        "limits-ignored",
        "You cut off at 0 and 1 whatever lo and hi are.",
        "Pass lo and hi on to clamp.",
        {"fgsm": _limits_ignored},
    ),
    Misconception(
        "gradients-accumulated",
        "Your attack leaves gradients in the model's parameters: the next training step would use them.",
        "loss.backward() fills .grad of everything. torch.autograd.grad(loss, x) gives the one gradient that you want.",
        {"fgsm": _accumulates}, "FG4",
    ),
    Misconception(
        "predicted-class-attacked",
        "You take the loss with the predicted labels instead of the given ones.",
        "J(model(x), y), with y as it came in; the two differ wherever an image is misread already.",
        both(_by_prediction), "FG5",
    ),
    Misconception(
        "attack-in-training-mode",
        "You attack in training mode: batch norms use the batch's statistics, and learn them.",
        "model.eval() before, and each module's mode back afterwards.",
        both(_in_training_mode), "FG6",
    ),
    Misconception(
        "left-in-evaluation-mode",
        "You leave the model in evaluation mode.",
        "Remember `training` of each module before model.eval(), and put it back.",
        both(_left_in_evaluation),
    ),
    Misconception(
        "eps-out-of-255",
        "You divide eps by 255, as if pixels went from 0 to 255.",
        "eps is in the same unit as x: 0.007 is a step in pixels from 0 to 1.",
        both(_per_255), "FG7",
    ),
    Misconception(
        "images-changed-in-place",
        "You change the images that were passed in.",
        "Work on x.detach().clone(): the clean batch is still needed.",
        both(_in_place), "FG8",
    ),
    Misconception(
        "graph-kept",
        "Your result needs a gradient.",
        "detach() it: an attacked image is an image like any other.",
        {"fgsm": _with_graph},
    ),
    Misconception(
        "attacked-images-only",
        "You train on attacked images only.",
        "alpha * J(x) + (1 - alpha) * J(attacked): without clean images, the model forgets them.",
        {"adversarial_training_step": _attacked_only},
    ),
    Misconception(
        "clean-images-only",
        "You train on clean images only.",
        "alpha * J(x) + (1 - alpha) * J(attacked): attack first, then take the loss of both.",
        {"adversarial_training_step": _clean_only},
    ),
    Misconception(
        "losses-added",
        "You add both losses with a weight of 1 each.",
        "alpha and 1 - alpha sum to 1, so that the learning rate keeps its meaning.",
        {"adversarial_training_step": _sum},
    ),
    Misconception(
        "alpha-swapped",
        "You give alpha to the attacked images.",
        "alpha is the share of the clean images' loss.",
        {"adversarial_training_step": _swapped},
    ),
    Misconception(
        "alpha-ignored",
        "You take half of each loss, whatever alpha is.",
        "alpha * J(x) + (1 - alpha) * J(attacked).",
        {"adversarial_training_step": _half},
    ),
    Misconception(
        "eps-not-passed-on",
        "You attack with the default eps, not with the one given.",
        "fgsm(model, x, y, eps).",
        {"adversarial_training_step": _eps_forgotten},
    ),
    Misconception(
        "gradients-not-zeroed",
        "You do not clear the gradients of earlier steps: yours are added to them.",
        "opt.zero_grad() before backward().",
        {"adversarial_training_step": _not_zeroed},
    ),
    Misconception(
        "two-steps",
        "You take a step on each loss: the second attack meets another model than the first loss.",
        "One sum, one backward(), one step.",
        {"adversarial_training_step": _two_steps},
    ),
    Misconception(
        "trained-in-evaluation-mode",
        "You train in evaluation mode: batch norms do not learn their statistics.",
        "Only the attack is in evaluation mode; the losses are taken in the mode that the model came in.",
        {"adversarial_training_step": _evaluating},
    ),
)  # fmt: skip

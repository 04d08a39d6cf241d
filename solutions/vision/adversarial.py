"""Adversarial examples: images changed by almost nothing, and misread.

A panda, plus 0.007 times the signs of a gradient, is a gibbon with 99.3 % confidence. The gradient says for each pixel
in which direction the loss grows; all pixels together, each moved by an amount that nobody sees, move it very far.

Who knows the model (a white box) can attack it so. Who trains a model on such images too makes it harder to attack.
"""

import torch
from torch import nn
from torch.nn import functional as F


def fgsm(
    model: nn.Module, x: torch.Tensor, y: torch.Tensor, eps: float = 0.007, lo: float = 0.0, hi: float = 1.0
) -> torch.Tensor:
    """The fast gradient sign method: images x (N, C, H, W), each pixel moved by eps so that the loss grows.

    x + eps * sign(gradient), cut off at lo and hi, the limits of a pixel. The gradient is that of the cross-entropy of
    model(x) with the labels y (N,), by x, with the model in evaluation mode: what is attacked is the model in use.
    The result needs no gradient.

    An attack leaves everything as it was: x, the model's parameters and their gradients (`.grad`), its buffers, and
    whether it, and each module in it, is training.

    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(2, 2, bias=False))
    >>> with torch.no_grad():
    ...     model[1].weight.copy_(torch.tensor([[1.0, 0.0], [0.0, 1.0]]))
    Parameter containing:
    tensor([[1., 0.],
            [0., 1.]], requires_grad=True)
    >>> fgsm(model, torch.tensor([[[[0.5, 0.95]]]]), torch.tensor([0]), eps=0.125)
    tensor([[[[0.3750, 1.0000]]]])
    """
    ### BEGIN SOLUTION
    modes = {module: module.training for module in model.modules()}
    model.eval()
    moved = x.detach().clone().requires_grad_()
    with torch.enable_grad():
        loss = F.cross_entropy(model(moved), y)
    (gradient,) = torch.autograd.grad(loss, moved)
    for module, training in modes.items():
        module.training = training
    return (x + eps * gradient.sign()).clamp(lo, hi).detach()
    ### END SOLUTION


def adversarial_training_step(
    model: nn.Module, opt: torch.optim.Optimizer, x: torch.Tensor, y: torch.Tensor, eps: float, alpha: float = 0.5
) -> float:
    """One step of an optimiser on the loss of the images and of attacked ones; the loss before the step is returned.

    The images are attacked first, by fgsm with this eps and pixels from 0 to 1. Then the loss is
    alpha * J(x) + (1 - alpha) * J(attacked), with J the mean cross-entropy with the labels y: first model(x), then
    model(attacked), in the mode that the model is in. Gradients of earlier steps play no part.

    A model of zeros is undecided between two classes: its loss is log 2, attacked or not.

    >>> model = nn.Linear(1, 2, bias=False)
    >>> _ = nn.init.zeros_(model.weight)
    >>> opt = torch.optim.SGD(model.parameters(), lr=1.0)
    >>> round(adversarial_training_step(model, opt, torch.ones(1, 1), torch.tensor([0]), eps=0.0), 4)
    0.6931
    >>> model.weight.tolist()
    [[0.5], [-0.5]]
    """
    ### BEGIN SOLUTION
    attacked = fgsm(model, x, y, eps)
    opt.zero_grad()
    loss = alpha * F.cross_entropy(model(x), y) + (1 - alpha) * F.cross_entropy(model(attacked), y)
    loss.backward()
    opt.step()
    return loss.item()
    ### END SOLUTION

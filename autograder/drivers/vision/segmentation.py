"""The driver of vision/segmentation: a submission's network on given weights, and trained to find nuclei."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

Weights = dict[str, Tensor]


def layers(student: Any, in_channels: int, num_classes: int, width: int) -> dict[str, list[int]]:
    """The shape of each parameter by its name."""
    model = student.FCN(in_channels, num_classes, width)
    return {name: list(value.shape) for name, value in model.state_dict().items()}


def start(student: Any, in_channels: int, num_classes: int, width: int) -> tuple[Tensor, Tensor]:
    """What the layers that enlarge begin with."""
    model = student.FCN(in_channels, num_classes, width)
    return model.up_coarse.weight, model.up_fine.weight


def scores(student: Any, x: Tensor, weights: Weights) -> Tensor:
    found: Tensor = _network(student, x, weights)(x)
    return found


def gradients(student: Any, x: Tensor, target: Tensor, weights: Weights) -> dict[str, Tensor]:
    """The gradient of the cross-entropy by each parameter; zeros where there is none."""
    model = _network(student, x, weights)
    F.cross_entropy(model(x), target).backward()  # type: ignore[no-untyped-call]
    return {
        name: torch.zeros_like(value) if value.grad is None else value.grad for name, value in model.named_parameters()
    }


def nuclei_experiment(
    student: Any, x: Tensor, masks: Tensor, new_x: Tensor, epochs: int, batch: int, lr: float
) -> Tensor:
    """Train a network on images x (N, 1, H, W) and masks of 0 and 1 (N, H, W); the masks that it gives new images."""
    model = student.FCN(1, 2, 8).to(x)
    steps = torch.optim.Adam(model.parameters(), lr)
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for first in range(0, len(x), batch):
            chosen = order[first : first + batch]
            steps.zero_grad()
            F.cross_entropy(model(x[chosen]), masks[chosen]).backward()  # type: ignore[no-untyped-call]
            steps.step()
    with torch.no_grad():
        found: Tensor = model.eval()(new_x).argmax(1)
    return found


def _network(student: Any, x: Tensor, weights: Weights) -> Any:
    """The submission's network with these weights."""
    model = student.FCN(x.shape[1], len(weights["score_fine.bias"]), len(weights["conv1.bias"])).to(x)
    found, wanted = (
        {name: tuple(value.shape) for name, value in part.items()} for part in (model.state_dict(), weights)
    )
    if found != wanted:
        odd = sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))
        raise ValueError(f"FCN's parameters are not those that are asked for: look at {', '.join(odd)}")
    model.load_state_dict(weights)
    return model

"""The driver of recurrence/digit_strips: models that say how they are read and trained, and readers put to the test."""

from typing import Any

import torch
from torch import Tensor, nn


def read(student: Any, logits: Tensor, training: bool) -> dict[str, Any]:
    """What read_strips makes of a model that gives these logits; in training mode it gives their negatives."""
    model = _Given(logits).train(training)
    strings = student.read_strips(model, torch.arange(len(logits), dtype=torch.float64).view(-1, 1, 1, 1))
    return {"strings": strings, "training afterwards": model.training, "gradients on": model.gradients}


def build(student: Any, num_classes: int, count: int) -> dict[str, Any]:
    """What a reader is made of, and what it does with strips of noise."""
    torch.manual_seed(0)
    model = student.build_reader(num_classes)
    if not isinstance(model, nn.Module):
        raise TypeError(f"build_reader should return an nn.Module, not {type(model).__name__}")
    model = model.double().eval()
    strips = torch.rand(count, 1, 10, 30, dtype=torch.float64, requires_grad=True)
    logits = model(strips)
    found = {"parts": _parts(model), "shape of the logits": list(logits.shape)}
    if list(logits.shape) != [count, 3, num_classes]:
        return found
    alone = torch.cat([model(strip) for strip in torch.split(strips, 1)])
    return found | {
        "strips are read on their own": bool(torch.allclose(alone, logits, atol=1e-9)),
        "logits add up to 1": bool(torch.allclose(logits.sum(-1), torch.ones_like(logits[..., 0]))),
        "the first digit hangs on the last column": _hangs(logits[:, 0], strips, -1),
        "the last digit hangs on the first column": _hangs(logits[:, 2], strips, 0),
    }


def train(student: Any, strips: Tensor, labels: Tensor, seed: int, epochs: int) -> dict[str, Any]:
    """How train_reader treats a small model: its logits afterwards, for two seeds, and whether these alone decide."""
    models = [_Small(strips, int(labels.max()) + 1) for _ in range(5)]
    for model, shift in zip(models, (0, 0, 1, 2, 3), strict=True):
        student.train_reader(model, strips, labels, epochs=epochs, lr=0.01, seed=seed + shift)
    first, again, *others = [model.dense.weight.detach() for model in models]
    with torch.no_grad():
        logits, other = (model.eval()(strips) for model in models[1:3])
    return {
        "logits": logits,
        "logits of another seed": other,
        "same": bool(torch.allclose(again, first)),
        "others": any(not torch.allclose(other, first) for other in others),
        "training": bool(models[0].modes) and all(models[0].modes),
    }


def learn_strips(
    student: Any, strips: Tensor, labels: Tensor, new: Tensor, *, epochs: int, lr: float, seed: int
) -> list[str]:
    """What a trained reader reads on new strips."""
    torch.manual_seed(seed)
    model = student.build_reader(10)
    student.train_reader(model, strips, labels, epochs=epochs, lr=lr, seed=seed)
    found: list[str] = student.read_strips(model, new)
    return found


class _Given(nn.Module):
    """Gives for strip n the n-th of some logits, and remembers whether gradients were asked for."""

    def __init__(self, logits: Tensor) -> None:
        super().__init__()
        self.logits = nn.Parameter(logits)
        self.gradients = False

    def forward(self, strips: Tensor) -> Tensor:
        found = self.logits[strips[:, 0, 0, 0].long()]
        self.gradients = found.requires_grad
        return -found if self.training else found


class _Small(nn.Module):
    """One dense layer, which starts from zero, for all of a strip; remembers the modes in which it learnt."""

    def __init__(self, strips: Tensor, num_classes: int) -> None:
        super().__init__()
        self.dense = nn.Linear(strips[0].numel(), 3 * num_classes, dtype=strips.dtype)
        nn.init.zeros_(self.dense.weight)
        nn.init.zeros_(self.dense.bias)
        self.modes: list[bool] = []

    def forward(self, strips: Tensor) -> Tensor:
        if torch.is_grad_enabled():
            self.modes.append(self.training)
        logits: Tensor = self.dense(strips.flatten(1)).unflatten(1, (3, -1))
        return logits


def _parts(model: nn.Module) -> list[str]:
    parts = list(model.modules())
    kinds = {
        "convolution": any(isinstance(part, nn.Conv2d) for part in parts),
        "bidirectional LSTM": any(isinstance(part, nn.LSTM) and part.bidirectional for part in parts),
        "dense": any(isinstance(part, nn.Linear) for part in parts),
    }
    return [name for name, there in kinds.items() if there]


def _hangs(logits: Tensor, strips: Tensor, column: int) -> bool:
    [slope] = torch.autograd.grad(logits.pow(2).sum(), strips, retain_graph=True)
    return bool(slope[..., column].abs().max() > 0)

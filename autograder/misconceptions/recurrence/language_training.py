"""Mistakes of recurrence/language in training both networks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from autograder.model import Misconception


def _both(scanner: nn.Module, encoder: nn.Module) -> Iterable[nn.Parameter]:
    return (*scanner.parameters(), *encoder.parameters())


def _adam(parameters: Iterable[nn.Parameter], lr: float) -> torch.optim.Optimizer:
    return torch.optim.Adam(parameters, lr=lr)


@dataclass(frozen=True)
class Training:
    """Training as it should be, but for what is given otherwise."""

    parameters: Callable[[nn.Module, nn.Module], Iterable[nn.Parameter]] = _both
    optimiser: Callable[[Iterable[nn.Parameter], float], torch.optim.Optimizer] = _adam
    state: Callable[[Tensor], Tensor] = lambda state: state
    loss: Callable[[Tensor, Tensor], Tensor] = F.cross_entropy
    clears: bool = True
    shuffles: bool = True
    steps: bool = True
    told: Callable[[list[float], int], float] = lambda losses, texts: sum(losses) / texts

    def __call__(
        self, scanner: nn.Module, encoder: nn.Module, ids: Tensor, lengths: Tensor, labels: Tensor, *,
        epochs: int, batch_size: int, lr: float, rng: np.random.Generator,
    ) -> list[float]:  # fmt: skip
        optimiser, told = self.optimiser(self.parameters(scanner, encoder), lr), []
        for _ in range(epochs):
            losses = []
            order = rng.permutation(len(ids)) if self.shuffles else np.arange(len(ids))
            for batch in torch.split(torch.from_numpy(order), batch_size):
                loss = self.loss(encoder(self.state(scanner(ids[batch], lengths[batch]))), labels[batch])
                self.step(optimiser, loss)
                losses.append(len(batch) * loss.item())
            told.append(self.told(losses, len(ids)))
        return told

    def step(self, optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
        if self.clears:
            optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        if self.steps:
            optimiser.step()


def _made_up(*_: Any, epochs: int, rng: np.random.Generator, **__: Any) -> list[float]:
    return [float(rng.random()) for _ in range(epochs)]


def _trains(**changes: Any) -> dict[str, Callable[..., Any]]:
    return {"train_language_id": Training(**changes)}


TRAINING = (
    Misconception(
        "scanner-not-trained",
        "You train the encoder alone: the scanner stays as it was.",
        "Both are fitted jointly: give the optimiser the parameters of both, and leave the states in the graph.",
        _trains(state=Tensor.detach),
        "LI4",
    ),
    Misconception(
        "encoder-not-trained",
        "You train the scanner alone: the encoder stays as it was.",
        "Both are fitted jointly: give the optimiser the parameters of both.",
        _trains(parameters=lambda scanner, encoder: scanner.parameters()),
    ),
    Misconception(
        "softmax-before-the-loss",
        "You take a softmax before the cross-entropy, which takes one itself.",
        "F.cross_entropy wants logits. With two softmaxes the loss cannot come near 0, and learning is slow.",
        _trains(loss=lambda logits, labels: F.cross_entropy(torch.softmax(logits, 1), labels)),
        "LI1",
    ),
    Misconception(
        "likelihood-of-logits",
        "You take the logits for logarithms of probabilities.",
        "F.nll_loss takes the log-softmax of the logits; F.cross_entropy takes the logits.",
        _trains(loss=F.nll_loss),
    ),
    Misconception(
        "gradients-not-cleared",
        "You never set the gradients back to zero, so they add up from step to step.",
        "optimiser.zero_grad() before each backward().",
        _trains(clears=False),
    ),
    Misconception(
        "step-forgotten",
        "You compute gradients, but take no step.",
        "optimiser.step() after backward() moves the parameters.",
        _trains(steps=False),
    ),
    Misconception(
        "descent-for-adam",
        "You use plain gradient descent in place of Adam.",
        "torch.optim.Adam with learning rate lr, and PyTorch's defaults for the rest.",
        _trains(optimiser=lambda parameters, lr: torch.optim.SGD(parameters, lr=lr)),
    ),
    Misconception(
        "learning-rate-ignored",
        "You leave the learning rate at Adam's default.",
        "Hand it over: torch.optim.Adam(parameters, lr=lr).",
        _trains(optimiser=lambda parameters, lr: torch.optim.Adam(parameters)),
    ),
    Misconception(
        "losses-summed",
        "You add the losses of the texts up.",
        "The mean over the texts: one number an epoch, near log K for K languages at the start.",
        _trains(told=lambda losses, texts: sum(losses)),
    ),
    Misconception(
        "never-shuffled",
        "You go through the texts in the same order in each epoch.",
        "A new order each time: rng.permutation(len(ids)).",
        _trains(shuffles=False),
    ),
    Misconception(
        "losses-made-up",
        "You return random numbers for losses, and train nothing.",
        "Each is the mean of the cross-entropies on the way through an epoch, and each batch moves the parameters.",
        {"train_language_id": _made_up},
    ),
)

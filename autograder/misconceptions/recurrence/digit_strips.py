"""Mistakes of recurrence/digit_strips."""

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from autograder.model import Misconception
from reference.recurrence.digit_strips import Reader, read_strips, train_reader

Change = Callable[[Tensor], Tensor]


class _Changed(Reader):
    """A reader whose logits are changed."""

    def __init__(self, num_classes: int, change: Change) -> None:
        super().__init__(num_classes)
        self.change = change

    def forward(self, strips: Tensor) -> Tensor:
        return self.change(super().forward(strips))


class _NoLstm(nn.Module):
    def __init__(self, num_classes: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 16, 3, padding=1)
        self.dense = nn.Linear(160, num_classes)

    def forward(self, strips: Tensor) -> Tensor:
        columns = torch.relu(self.conv(strips)).flatten(1, 2)
        logits: Tensor = self.dense(F.adaptive_avg_pool1d(columns, 3).mT)
        return logits


class _AcrossStrips(Reader):
    def __init__(self, num_classes: int) -> None:
        super().__init__(num_classes)
        self.lstm.batch_first = False


def _returns(change: Change) -> dict[str, Callable[..., Any]]:
    return {"build_reader": lambda num_classes: _Changed(num_classes, change)}


def _reads(model: nn.Module, strips: Tensor, **how: Any) -> list[str]:
    return ["".join(map(str, digits)) for digits in model(strips).argmax(-1).tolist()]


def _as_it_is(model: nn.Module, strips: Tensor) -> list[str]:
    with torch.no_grad():
        return _reads(model, strips)


def _left_in_evaluation(model: nn.Module, strips: Tensor) -> list[str]:
    return _as_it_is(model.eval(), strips)


def _always_back_to_training(model: nn.Module, strips: Tensor) -> list[str]:
    found = _left_in_evaluation(model, strips)
    model.train()
    return found


def _with_gradients(model: nn.Module, strips: Tensor) -> list[str]:
    training = model.training
    found = _reads(model.eval(), strips)
    model.train(training)
    return found


def _trained(labels: Change = lambda labels: labels, **fixed: Any) -> dict[str, Callable[..., Any]]:
    """Training as it should be, but for other labels or options."""

    def train(model: nn.Module, strips: Tensor, own: Tensor, **how: Any) -> None:
        train_reader(model, strips, labels(own), **how | fixed)

    return {"train_reader": train}


def _in_evaluation_mode(model: nn.Module, strips: Tensor, labels: Tensor, *, epochs: int, lr: float, seed: int) -> None:
    optimiser = torch.optim.Adam(model.eval().parameters(), lr=lr)
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for batch in torch.split(torch.randperm(len(strips), generator=generator), 32):
            optimiser.zero_grad()
            loss = F.cross_entropy(model(strips[batch]).flatten(0, 1), labels[batch].flatten())
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()


def _unseeded(model: nn.Module, strips: Tensor, labels: Tensor, *, seed: int, **how: Any) -> None:
    train_reader(model, strips, labels, seed=int(torch.randint(1 << 31, ())), **how)


def _drawn(model: nn.Module, strips: Tensor, labels: Tensor, *, seed: int, **how: Any) -> None:
    generator = torch.Generator().manual_seed(seed)
    model.train()(strips)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(generator=generator)


MISCONCEPTIONS = (
    Misconception(
        "one-direction-only",
        "Your LSTM reads from left to right only.",
        "Say bidirectional=True: then the first digit is seen with what stands to the right of it.",
        {"build_reader": lambda num_classes: Reader(num_classes, bidirectional=False)},
    ),
    Misconception(
        "no-lstm",
        "Your reader has no LSTM.",
        "Between the convolutions and the dense layer an nn.LSTM reads the columns.",
        {"build_reader": _NoLstm},
    ),
    Misconception(
        "read-across-strips",
        "Your LSTM reads across the strips: it takes the first axis for time.",
        "Say batch_first=True: strips know nothing of each other.",
        {"build_reader": _AcrossStrips},
    ),
    Misconception(
        "probabilities-for-logits",
        "Your reader returns probabilities.",
        "Logits are scores before any softmax; F.cross_entropy takes one itself.",
        _returns(lambda logits: logits.softmax(-1)),
    ),
    Misconception(
        "classes-before-digits",
        "Your logits have the shape (N, num_classes, 3).",
        "A row for each digit of the strip: (N, 3, num_classes).",
        _returns(lambda logits: logits.mT),
    ),
    Misconception(
        "digits-in-a-row",
        "Your logits have the shape (N, 3 * num_classes).",
        "A row for each digit of the strip: (N, 3, num_classes).",
        _returns(lambda logits: logits.flatten(1)),
    ),
    Misconception(
        "read-as-it-is",
        "You read in whatever mode the model is.",
        "model.eval() before: dropout and batch norm do something else in training. And back to what it was after.",
        {"read_strips": _as_it_is},
    ),
    Misconception(
        "left-in-evaluation",
        "You leave the model in evaluation mode.",
        "Remember model.training, and set it back with model.train(training).",
        {"read_strips": _left_in_evaluation},
    ),
    Misconception(
        "always-back-to-training",
        "You leave the model in training mode, whatever it was in before.",
        "Remember model.training, and set it back with model.train(training).",
        {"read_strips": _always_back_to_training},
    ),
    Misconception(
        "read-with-gradients",
        "You keep a graph for gradients while reading, which costs memory and is never used.",
        "with torch.no_grad(): around the call of the model.",
        {"read_strips": _with_gradients},
    ),
    Misconception(
        "digits-turned-round",
        "You read from right to left.",
        "The first row of a strip's logits is its first digit.",
        {"read_strips": lambda model, strips: [text[::-1] for text in read_strips(model, strips)]},
    ),
    Misconception(
        "one-text-for-all",
        "You return one text for all strips.",
        "A list of N texts, one for each strip.",
        {"read_strips": lambda model, strips: "".join(read_strips(model, strips))},
    ),
    Misconception(
        "numbers-for-texts",
        "You return numbers, which lose leading zeros.",
        "A text of three digits: '007', not 7.",
        {"read_strips": lambda model, strips: [*map(int, read_strips(model, strips))]},
    ),
    Misconception(
        "learns-the-first-digit-only",
        "You train for the first digit of each strip only.",
        "The loss goes over all three: flatten logits to (3 * N, num_classes) and labels to (3 * N,).",
        _trained(lambda labels: labels[:, :1].expand(-1, 3)),
    ),
    Misconception(
        "learns-in-evaluation-mode",
        "You train in evaluation mode.",
        "model.train() before the first step.",
        {"train_reader": _in_evaluation_mode},
    ),
    Misconception(
        "nothing-learnt",
        "You train a copy of the model.",
        "The model is trained in place: its own parameters go to the optimiser.",
        {"train_reader": lambda model, *data, **how: train_reader(copy.deepcopy(model), *data, **how)},
    ),
    Misconception(
        "seed-ignored",
        "You draw the order from PyTorch's own generator.",
        "Make one of the seed: torch.Generator().manual_seed(seed).",
        {"train_reader": _unseeded},
    ),
    Misconception(
        "one-seed-for-all",
        "You use a fixed seed.",
        "The order depends on the seed that is handed over.",
        _trained(seed=0),
    ),
    Misconception(
        "weights-drawn",
        "You draw weights by the seed, and train nothing.",
        "The seed decides the order only: the weights come from steps that make the loss smaller.",
        {"train_reader": _drawn},
    ),
)

"""Mistakes of parameter groups and of fine-tuning."""

from collections.abc import Callable
from typing import Any

import numpy as np
from torch import Tensor, nn

from autograder.model import Misconception
from reference.vision import transfer as oracle

Groups = list[dict[str, Any]]


def _twice(model: nn.Module, head: str, lr_body: float, lr_head: float) -> Groups:
    groups = oracle.discriminative_groups(model, head, lr_body, lr_head)
    everything = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return [{"params": everything, "lr": lr_body}, groups[1]]


def _exhausted(model: nn.Module, head: str, lr_body: float, lr_head: float) -> Groups:
    return [oracle.discriminative_groups(model, head, lr_body, lr_head)[0], {"params": [], "lr": lr_head}]


def _swapped(model: nn.Module, head: str, lr_body: float, lr_head: float) -> Groups:
    return oracle.discriminative_groups(model, head, lr_head, lr_body)


def _frozen_too(model: nn.Module, head: str, lr_body: float, lr_head: float) -> Groups:
    inside = {id(parameter) for parameter in model.get_submodule(head).parameters()}
    body = [parameter for parameter in model.parameters() if id(parameter) not in inside]
    return [{"params": body, "lr": lr_body}, {"params": list(model.get_submodule(head).parameters()), "lr": lr_head}]


def _by_prefix(model: nn.Module, head: str, lr_body: float, lr_head: float) -> Groups:
    trainable = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    body = [parameter for name, parameter in trainable if not name.startswith(head)]
    chosen = [parameter for name, parameter in trainable if name.startswith(head)]
    return [{"params": body, "lr": lr_body}, {"params": chosen, "lr": lr_head}]


Phases = Callable[..., None]


def tuned(phases: Phases) -> Callable[..., nn.Sequential]:
    """A wrong `fine_tune` made of its phases: a function of model, data, the two groups, epochs and rng."""

    def fine_tune(
        model: nn.Sequential, x: Tensor, y: Tensor, *, warmup_epochs: int, epochs: int, lr_body: float, lr_head: float,
        rng: np.random.Generator,
    ) -> nn.Sequential:  # fmt: skip
        groups = oracle.discriminative_groups(model, "head", lr_body, lr_head)
        phases(model, x, y, groups, warmup_epochs, epochs, rng)
        return model.eval()

    return fine_tune


@tuned
def _old_head(model: Any, x: Any, y: Any, groups: Groups, warmup_epochs: int, epochs: int, rng: Any) -> None:
    oracle.descend(model, x, y, groups[:1], epochs, rng)


@tuned
def _head_frozen_too(model: Any, x: Any, y: Any, groups: Groups, warmup_epochs: int, epochs: int, rng: Any) -> None:
    oracle.descend(model, x, y, groups, epochs, rng)


@tuned
def _statistics_move(model: Any, x: Any, y: Any, groups: Groups, warmup_epochs: int, epochs: int, rng: Any) -> None:
    oracle.descend(model, x, y, groups[1:], warmup_epochs, rng, resting=False)
    oracle.descend(model, x, y, groups, epochs, rng, resting=False)


@tuned
def _statistics_move_later(
    model: Any, x: Any, y: Any, groups: Groups, warmup_epochs: int, epochs: int, rng: Any
) -> None:
    oracle.descend(model, x, y, groups[1:], warmup_epochs, rng)
    oracle.descend(model, x, y, groups, epochs, rng, resting=False)


@tuned
def _no_warm_up(model: Any, x: Any, y: Any, groups: Groups, warmup_epochs: int, epochs: int, rng: Any) -> None:
    oracle.descend(model, x, y, groups, warmup_epochs + epochs, rng)


@tuned
def _one_rate(model: Any, x: Any, y: Any, groups: Groups, warmup_epochs: int, epochs: int, rng: Any) -> None:
    oracle.descend(model, x, y, groups[1:], warmup_epochs, rng)
    oracle.descend(model, x, y, [{**groups[0], "lr": groups[1]["lr"]}, groups[1]], epochs, rng)


@tuned
def _head_rests_later(model: Any, x: Any, y: Any, groups: Groups, warmup_epochs: int, epochs: int, rng: Any) -> None:
    oracle.descend(model, x, y, groups[1:], warmup_epochs, rng)
    oracle.descend(model, x, y, groups[:1], epochs, rng)


def _still_training(model: nn.Sequential, x: Tensor, y: Tensor, **how: Any) -> nn.Sequential:
    oracle.fine_tune(model, x, y, **how)
    model.train()
    return model


def _everything_thawed(model: nn.Sequential, x: Tensor, y: Tensor, *, warmup_epochs: int, **how: Any) -> nn.Sequential:
    oracle.fine_tune(model, x, y, **{**how, "warmup_epochs": warmup_epochs, "epochs": 0})
    model.requires_grad_(True)
    return oracle.fine_tune(model, x, y, **how, warmup_epochs=0)


TUNING = (
    Misconception(
        "parameters-in-two-groups",
        "Your body's group has all parameters, so that those of the head are in both groups.",
        "Each parameter in one group only: leave out of the first what is in the second.",
        {"discriminative_groups": _twice},
        "TG1",
    ),
    Misconception(
        "generator-exhausted",
        "Your head's group is empty: you go twice through one generator, and the second time nothing is left.",
        "model.parameters() and model.named_parameters() give each parameter once. Make a list of it first.",
        {"discriminative_groups": _exhausted},
        "TG2",
    ),
    Misconception(
        "rates-swapped",
        "You give the body the head's learning rate: old features would be destroyed.",
        "What is there already is to change little: the smaller rate is the body's.",
        {"discriminative_groups": _swapped},
        "TG3",
    ),
    Misconception(
        "frozen-parameters-in-groups",
        "Your groups have frozen parameters in them.",
        "Take only parameters whose requires_grad is True.",
        {"discriminative_groups": _frozen_too},
        "TG4",
    ),
    Misconception(
        "head-by-prefix",
        'You take parameters whose names begin with the head\'s: "head" also hits "head_norm".',
        'Its parameters\' names begin with its name and a dot: "head.". Or ask model.get_submodule(head).',
        {"discriminative_groups": _by_prefix},
    ),
    Misconception(
        "optimiser-before-the-head",
        "Your head never moves: the optimiser was built before the head was replaced, or without it.",
        "An optimiser holds the very parameters that it was given. Build it when the model is complete.",
        {"fine_tune": _old_head},
        "TH1",
    ),
    Misconception(
        "head-frozen-too",
        "You freeze the head with everything else: the warm-up trains nothing.",
        "In the warm-up only what is outside the head is frozen.",
        {"fine_tune": _head_frozen_too},
        "TF3",
    ),
    Misconception(
        "statistics-move-while-tuning",
        "You train with batch norms in training mode: batch-norm statistics moved while frozen.",
        "model.train() puts every batch norm into training mode. Put those outside the head back after it.",
        {"fine_tune": _statistics_move},
    ),
    Misconception(
        "statistics-move-after-the-warm-up",
        "In the second phase your batch norms are in training mode: their statistics moved.",
        "They stay in evaluation mode in both phases: a few images say too little about mean and variance.",
        {"fine_tune": _statistics_move_later},
    ),
    Misconception(
        "no-warm-up",
        "You train everything from the first epoch on.",
        "A head of random weights sends gradients that mean nothing through the body: train it alone first.",
        {"fine_tune": _no_warm_up},
    ),
    Misconception(
        "one-rate-for-all",
        "In the second phase your body learns with the head's rate.",
        'discriminative_groups(model, "head", lr_body, lr_head) has a rate for each.',
        {"fine_tune": _one_rate},
    ),
    Misconception(
        "head-rests-later",
        "In the second phase your head does not learn any more.",
        "Then everything learns: the head with lr_head, the rest with lr_body.",
        {"fine_tune": _head_rests_later},
    ),
    Misconception(
        "left-in-training-mode",
        "You return the model in training mode.",
        "model.eval() in the end: whoever uses it next wants answers, not batch statistics.",
        {"fine_tune": _still_training},
    ),
    Misconception(
        "caller-s-frozen-thawed",
        "After the warm-up you thaw everything, what the caller had frozen as well.",
        "Remember which parameters could be trained when the model came in, and thaw those.",
        {"fine_tune": _everything_thawed},
    ),
)

"""Mistakes of freezing and thawing."""

import copy
from types import MethodType
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from autograder.model import Misconception
from reference.vision import transfer as oracle


def _statistics_move(module: nn.Module) -> nn.Module:
    return module.requires_grad_(False)


def _statistics_only(module: nn.Module) -> nn.Module:
    return module.eval()


def _gradients_zeroed(module: nn.Module) -> nn.Module:
    for parameter in module.parameters():
        parameter.register_hook(torch.zeros_like)  # type: ignore[no-untyped-call]
    return module.eval()


def _no_grad_around(module: nn.Module) -> nn.Module:
    forward = module.forward

    def without(x: Tensor) -> Tensor:
        with torch.no_grad():
            return forward(x)  # type: ignore[no-any-return]

    module.forward = without
    return oracle.freeze(module)


def _norms_forgotten(module: nn.Module) -> nn.Module:
    oracle.freeze(module)
    for part in module.modules():
        if isinstance(part, _BatchNorm):
            part.requires_grad_(True)
    return module


def _frozen_copy(module: nn.Module) -> nn.Module:
    return oracle.freeze(copy.deepcopy(module))


def _once(model: nn.Module) -> None:
    for module in model.modules():
        if oracle.is_frozen(module):
            module.eval()


def _override(model: nn.Module, rests: Any, *, always: bool = False) -> None:
    """Give the model a train() of its own, which puts batch norms that `rests` names into evaluation mode."""

    def train(self: nn.Module, mode: bool = True) -> nn.Module:
        type(self).train(self, mode or always)
        for module in self.modules():
            if isinstance(module, _BatchNorm) and rests(module):
                module.eval()
        return self

    model.train = MethodType(train, model)  # type: ignore[method-assign]
    model.train(model.training)


def _every_norm(model: nn.Module) -> None:
    _override(model, lambda module: True)


def _for_ever(model: nn.Module) -> None:
    frozen = {module for module in model.modules() if oracle.is_frozen(module)}
    _override(model, lambda module: module in frozen)


def _never_evaluates(model: nn.Module) -> None:
    _override(model, oracle.is_frozen, always=True)


def _minus_zero(model: nn.Sequential, n_blocks: int) -> list[str]:
    return oracle.thaw(model, oracle.blocks(model)[-n_blocks:])


def _all_children(model: nn.Sequential, n_blocks: int) -> list[str]:
    return oracle.thaw(model, list(model.named_children())[max(0, len(model) - n_blocks) :])


def _by_substring(model: nn.Sequential, n_blocks: int) -> list[str]:
    wanted = [name for name, _ in oracle.blocks(model)[::-1][:n_blocks]]
    chosen = [block for block in oracle.blocks(model) if any(name in block[0] for name in wanted)]
    return oracle.thaw(model, chosen)


def _first_blocks(model: nn.Sequential, n_blocks: int) -> list[str]:
    return oracle.thaw(model, oracle.blocks(model)[:n_blocks])


def _still_resting(model: nn.Sequential, n_blocks: int) -> list[str]:
    modes = {module: module.training for module in model.modules()}
    names = oracle.unfreeze_last(model, n_blocks)
    for module, training in modes.items():
        module.training = training
    return names


def _names_of_blocks(model: nn.Sequential, n_blocks: int) -> list[str]:
    return list(dict.fromkeys(name.split(".")[0] for name in oracle.unfreeze_last(model, n_blocks)))


def _last_first(model: nn.Sequential, n_blocks: int) -> list[str]:
    return oracle.thaw(model, oracle.blocks(model)[::-1][:n_blocks])


FREEZING = (
    Misconception(
        "batch-norm-statistics-moved",
        "You set requires_grad to False and no more: batch-norm statistics moved while frozen.",
        "A batch norm in training mode moves its running mean and variance with every batch, without any gradient. "
        "Put what you freeze into evaluation mode.",
        {"freeze": _statistics_move},
        "TF1",
    ),
    Misconception(
        "evaluation-mode-only",
        "You put the module into evaluation mode, and its parameters go on learning.",
        "eval() changes how dropout and batch norms behave; whether parameters get gradients is in requires_grad.",
        {"freeze": _statistics_only},
    ),
    Misconception(
        "gradients-of-zero",
        "You set gradients to 0 instead of having none: weight decay and momentum still moved the frozen weights.",
        "An optimiser skips parameters whose grad is None, not those whose grad is 0. requires_grad_(False).",
        {"freeze": _gradients_zeroed},
        "TF4",
    ),
    Misconception(
        "no-grad-around-the-forward",
        "You wrap the module's forward pass in torch.no_grad(): what comes before it gets no gradients any more.",
        "Freezing a module must let gradients through it. requires_grad_(False) on its parameters does.",
        {"freeze": _no_grad_around},
        "TF5",
    ),
    Misconception(
        "norms-not-frozen",
        "You freeze weights of convolutions and dense layers, and forget the scale and shift of batch norms.",
        "module.parameters() has them all: go through these, not through layers of some types.",
        {"freeze": _norms_forgotten},
    ),
    Misconception(
        "copy-frozen",
        "You freeze a copy, and return that: the model that the module belongs to goes on learning.",
        "Change the module itself, and return it.",
        {"freeze": _frozen_copy},
    ),
    Misconception(
        "eval-undone-by-train",
        "You put frozen batch norms into evaluation mode once: the next model.train() puts them back.",
        "What is done must be done again whenever train() is called: give the model a train() of its own, or a hook.",
        {"keep_frozen_bn_eval": _once},
        "TF2",
    ),
    Misconception(
        "every-norm-at-rest",
        "You keep all batch norms in evaluation mode, those that learn as well.",
        "Only those that are frozen: none of their parameters requires a gradient.",
        {"keep_frozen_bn_eval": _every_norm},
    ),
    Misconception(
        "at-rest-for-ever",
        "You decide once which batch norms are frozen: thawed ones stay in evaluation mode.",
        "Look at requires_grad at each call of train(), not when the override is made.",
        {"keep_frozen_bn_eval": _for_ever},
    ),
    Misconception(
        "train-ignores-its-mode",
        "Your train() ignores its argument: model.eval(), which is train(False), leaves the model training.",
        "Pass mode on: super().train(mode).",
        {"keep_frozen_bn_eval": _never_evaluates},
    ),
    Misconception(
        "minus-zero",
        "You take blocks[-n_blocks:], which for n_blocks = 0 is all of them.",
        "-0 is 0, and blocks[0:] is everything. Count from the front: blocks[len(blocks) - n_blocks:].",
        {"unfreeze_last": _minus_zero},
    ),
    Misconception(
        "layers-without-parameters-counted",
        "You count pooling and flatten layers as blocks, so that too few are thawed.",
        "Count only children that have parameters.",
        {"unfreeze_last": _all_children},
    ),
    Misconception(
        "names-by-substring",
        'You look for a block\'s name anywhere in the parameters\' names: "layer1" also hits "layer10".',
        'A parameter belongs to a block if its name begins with the block\'s and a dot: "layer1.".',
        {"unfreeze_last": _by_substring},
        "TF6",
    ),
    Misconception(
        "first-blocks-thawed",
        "You thaw the first blocks.",
        "What is learnt early (edges, colours) serves any images; the last blocks are what to adapt.",
        {"unfreeze_last": _first_blocks},
    ),
    Misconception(
        "thawed-but-at-rest",
        "You leave thawed batch norms in evaluation mode: they learn, and their statistics do not.",
        "Put the block into the mode of the model: block.train(model.training).",
        {"unfreeze_last": _still_resting},
    ),
    Misconception(
        "names-of-blocks",
        "You return the names of blocks, not of their parameters.",
        'Names as in model.named_parameters(): "block.conv.weight".',
        {"unfreeze_last": _names_of_blocks},
    ),
    Misconception(
        "names-from-the-end",
        "You return the names from the last block to the first.",
        "In the order of model.named_parameters().",
        {"unfreeze_last": _last_first},
    ),
)

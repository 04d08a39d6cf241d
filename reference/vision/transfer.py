"""Oracle for vision/transfer: features, heads, freezing and fine-tuning."""

import copy
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

MOMENTUM, BATCH = 0.9, 32


def truncate(model: nn.Sequential, name: str) -> nn.Sequential:
    """The chain of the children before `name`."""
    return nn.Sequential(OrderedDict(takewhile(lambda child: child[0] != name, model.named_children())))


def extract_features(body: nn.Module, x: Tensor, batch_size: int = 256) -> Tensor:
    """What a copy of body in evaluation mode makes of x, batch by batch."""
    frozen = copy.deepcopy(body).eval()
    batches = [x[start : start + batch_size] for start in range(0, len(x), batch_size)]
    return torch.cat([frozen(batch).detach() for batch in batches])


def replace_head(model: nn.Module, name: str, num_classes: int) -> nn.Module:
    """A copy of the model whose dense layer `name` has num_classes results."""
    changed = copy.deepcopy(model)
    old = changed.get_submodule(name)
    assert isinstance(old, nn.Linear)
    changed.set_submodule(name, nn.Linear(old.in_features, num_classes).to(old.weight))
    return changed


def freeze(module: nn.Module) -> nn.Module:
    """The module itself, without gradients and in evaluation mode."""
    module.zero_grad(set_to_none=True)
    return module.requires_grad_(False).eval()


def is_frozen(module: nn.Module) -> bool:
    """Whether it is a batch norm none of whose parameters can be trained."""
    return isinstance(module, _BatchNorm) and not any(part.requires_grad for part in module.parameters())


def rest(module: nn.Module, *_: object) -> None:
    """Put a frozen batch norm into evaluation mode: a hook before its forward pass."""
    if is_frozen(module):
        module.eval()


def keep_frozen_bn_eval(model: nn.Module) -> None:
    """Each batch norm looks, whenever it is used, whether it is frozen."""
    for module in model.modules():
        if isinstance(module, _BatchNorm):
            rest(module)
            module.register_forward_pre_hook(rest)


def blocks(model: nn.Sequential) -> list[tuple[str, nn.Module]]:
    """The children that have parameters."""
    return [(name, child) for name, child in model.named_children() if list(child.parameters())]


def thaw(model: nn.Sequential, chosen: Iterable[tuple[str, nn.Module]]) -> list[str]:
    """Make these children trainable; the names of their parameters."""
    names = []
    for name, child in chosen:
        child.requires_grad_(True).train(model.training)
        names += [f"{name}.{part}" for part, _ in child.named_parameters()]
    return names


def unfreeze_last(model: nn.Sequential, n_blocks: int) -> list[str]:
    """Thaw the last n_blocks of the children with parameters."""
    chosen = blocks(model)[::-1][:n_blocks]
    return thaw(model, chosen[::-1])


def discriminative_groups(model: nn.Module, head: str, lr_body: float, lr_head: float) -> list[dict[str, Any]]:
    """The trainable parameters in two groups: outside and inside the module `head`."""
    inside = {id(parameter) for parameter in model.get_submodule(head).parameters()}
    trainable = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return [
        {"params": [parameter for parameter in trainable if id(parameter) not in inside], "lr": lr_body},
        {"params": [parameter for parameter in trainable if id(parameter) in inside], "lr": lr_head},
    ]


def fine_tune(
    model: nn.Sequential, x: Tensor, y: Tensor, *, warmup_epochs: int, epochs: int, lr_body: float, lr_head: float,
    rng: Any,
) -> nn.Sequential:  # fmt: skip
    """The head alone, then everything that could be trained when the model came in."""
    groups = discriminative_groups(model, "head", lr_body, lr_head)
    descend(model, x, y, groups[1:], warmup_epochs, rng)
    descend(model, x, y, groups, epochs, rng)
    return model.eval()


def descend(
    model: nn.Sequential, x: Tensor, y: Tensor, groups: Sequence[dict[str, Any]], epochs: int, rng: Any,
    *, resting: bool = True,
) -> None:  # fmt: skip
    """Epochs of gradient descent with momentum on some parameters; with `resting`, the body's batch norms rest."""
    model.train()
    for name, module in model.named_modules():
        if resting and isinstance(module, _BatchNorm) and name.split(".")[0] != "head":
            module.eval()
    moving = [(part, torch.zeros_like(part), group["lr"]) for group in groups for part in group["params"]]
    for _ in range(epochs):
        order = torch.from_numpy(rng.permutation(len(x)))
        for start in range(0, len(x), BATCH):
            batch = order[start : start + BATCH]
            _move(moving, nn.functional.cross_entropy(model(x[batch]), y[batch]))


def _move(moving: Sequence[tuple[Tensor, Tensor, float]], loss: Tensor) -> None:
    if not moving:
        return
    gradients = torch.autograd.grad(loss, [part for part, _, _ in moving], allow_unused=True)
    with torch.no_grad():
        for (part, velocity, lr), gradient in zip(moving, gradients, strict=True):
            if gradient is not None:
                velocity.mul_(MOMENTUM).add_(gradient)
                part.sub_(lr * velocity)


def class_weights(counts: Tensor) -> Tensor:
    """N / (K * counts), and 0 for classes without images."""
    numbers = counts.double()
    weights = numbers.mean() / numbers
    return weights.where(counts > 0, torch.zeros_like(weights))


def best_threshold(scores: Tensor, same: Tensor) -> float:
    """The smallest of the scores that, as threshold, gets the most pairs right."""
    ordered = sorted(set(scores.tolist()))
    right = [int(((scores >= threshold) == same).sum()) for threshold in ordered]
    return float(ordered[right.index(max(right))])

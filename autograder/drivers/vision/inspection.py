"""The driver of vision/inspection: a small model to look into, and what looking leaves behind."""

from collections import OrderedDict
from typing import Any

import torch
from torch import Tensor, nn


def activations(
    student: Any, x: Tensor, filters: Tensor, mean: Tensor, var: Tensor, weights: Tensor, names: Any
) -> Any:
    """What get_activations finds in a model in training mode."""
    return student.get_activations(_model(filters, mean, var, weights), x, names)


def left_behind(
    student: Any, x: Tensor, filters: Tensor, mean: Tensor, var: Tensor, weights: Tensor, frozen: list[str], fits: bool
) -> dict[str, Any]:
    """What has changed in a model after get_activations; parts of it are in evaluation mode, and x may not fit it."""
    model = _model(filters, mean, var, weights)
    for name in frozen:
        model.get_submodule(name).eval()
    names, found = ["body.0", "body.2", "head"], {}
    try:
        found = student.get_activations(model, x if fits else x[:, :, 1:], names)
    except NotImplementedError:
        raise
    except RuntimeError:
        if fits:
            raise
    parts = {name: part for name, part in found.items() if isinstance(part, Tensor)} if isinstance(found, dict) else {}
    return {
        "hooks": sum(len(module._forward_hooks) + len(module._forward_pre_hooks) for module in model.modules()),
        "modules in training mode": [name for name, module in model.named_modules() if module.training],
        "shapes of activations": {name: list(part.shape) for name, part in parts.items()},
        "activations with a gradient": [name for name, part in parts.items() if part.requires_grad],
        "parameters without gradient": [name for name, part in model.named_parameters() if not part.requires_grad],
        "running mean": model.get_buffer("body.1.running_mean"),
    }


def _model(filters: Tensor, mean: Tensor, var: Tensor, weights: Tensor) -> nn.Module:
    """Convolution, batch norm, ReLU in place, dropout, dense layer; in training mode, as models are born."""
    f, c, kh, kw = filters.shape
    options: dict[str, Any] = {"dtype": filters.dtype}
    body = nn.Sequential(
        nn.Conv2d(c, f, (kh, kw), bias=False, **options), nn.BatchNorm2d(f, **options), nn.ReLU(inplace=True)
    )
    model = nn.Sequential(
        OrderedDict(
            body=body,
            drop=nn.Dropout(0.5),
            flat=nn.Flatten(),
            head=nn.Linear(weights.shape[1], len(weights), **options),
        )
    )
    state = {"body.0.weight": filters, "body.1.running_mean": mean, "body.1.running_var": var, "head.weight": weights}
    model.load_state_dict({**model.state_dict(), **state, "head.bias": torch.arange(len(weights))})
    return model

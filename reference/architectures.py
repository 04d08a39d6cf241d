"""The networks of the lectures as specifications, and what they cost, counted without a byte of memory.

A specification is a list of layers, dicts as in `reference.convolution.shapes` (conv, pool, dense), and of two kinds of
blocks: {"type": "residual", "body": [...]} and {"type": "inception", "branches": [[...], ...]}. `build` makes a module
of it on torch's meta device, where arrays have shapes and nothing else; `count` sends an image of that kind through.
"""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from reference.convolution.shapes import Layer, Shape, alexnet, conv, keras_lenet, lenet5, pool, vgg

Spec = Sequence[Layer]


@dataclass(frozen=True, slots=True)
class Counts:
    """What a network costs for one image. `activations` counts the input and what every layer returns, pools too."""

    weights: int
    biases: int
    activations: int
    multiply_adds: int
    out_shape: tuple[int, ...]

    @property
    def parameters(self) -> int:
        return self.weights + self.biases


NETWORKS: dict[str, tuple[Callable[[], Spec], Shape]] = {
    "lenet5": (lenet5, (1, 32, 32)),
    "keras_lenet": (keras_lenet, (1, 28, 28)),
    "alexnet": (alexnet, (3, 227, 227)),
    **{f"vgg_{config}": (functools.partial(vgg, config), (3, 224, 224)) for config in "ABCDE"},
}


def counts_of(name: str) -> Counts:
    """What the network of that name costs."""
    spec, in_shape = NETWORKS[name]
    return count(build(spec()), in_shape)


def residual(channels: int = 64, kernels: Sequence[int] = (3, 3), narrow: int | None = None) -> Spec:
    """ResNet's block: two convolutions 3 x 3, or with kernels (1, 3, 1) and `narrow` channels inside, its bottleneck.

    Convolutions have no bias: batch normalisation, which follows each of them, brings one.
    """
    inner = channels if narrow is None else narrow
    widths = [channels, *[inner] * (len(kernels) - 1), channels]
    layers = zip(widths, widths[1:], kernels, strict=False)
    return [{"type": "residual", "body": [{**conv(a, b, k, 1, k // 2), "norm": True} for a, b, k in layers]}]


def inception(c_in: int, one: int, three: tuple[int, int], five: tuple[int, int], pooled: int) -> Spec:
    """GoogLeNet's block: 1 x 1; 1 x 1 then 3 x 3; 1 x 1 then 5 x 5; pooling then 1 x 1."""
    branches = [
        [conv(c_in, one, 1)],
        [conv(c_in, three[0], 1), conv(three[0], three[1], 3, 1, 1)],
        [conv(c_in, five[0], 1), conv(five[0], five[1], 5, 1, 2)],
        [{**pool(3, 1), "padding": 1}, conv(c_in, pooled, 1)],
    ]
    return [{"type": "inception", "branches": branches}]


def build(spec: Spec) -> nn.Sequential:
    """The network of a specification on the meta device: right shapes, no numbers."""
    with torch.device("meta"):
        return nn.Sequential(*(module for layer in spec for module in _modules(layer)))


def count(model: nn.Module, in_shape: Sequence[int]) -> Counts:
    """What `model`, on the meta device, costs for an image of shape (C, H, W)."""
    sizes, products = [_volume(in_shape)], [0]

    def note(module: nn.Module, _: Any, out: Tensor) -> None:
        sizes.append(_volume(out.shape[1:]))
        if isinstance(module, nn.Conv2d | nn.Linear):
            products.append(_volume(out.shape[2:]) * module.weight.numel())

    layers = [module for module in model.modules() if isinstance(module, COUNTED)]
    handles = [module.register_forward_hook(note) for module in layers]
    out = model.eval()(torch.empty(1, *in_shape, device="meta"))
    for handle in handles:
        handle.remove()
    named = dict(model.named_parameters())
    biases = sum(value.numel() for name, value in named.items() if name.endswith("bias"))
    total = sum(value.numel() for value in named.values())
    return Counts(total - biases, biases, sum(sizes), sum(products), tuple(out.shape[1:]))


COUNTED = (nn.Conv2d, nn.Linear, nn.MaxPool2d)


class Residual(nn.Module):
    """x plus what its body makes of x."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body

    def forward(self, x: Tensor) -> Tensor:
        found: Tensor = x + self.body(x)
        return found


class Inception(nn.Module):
    """The results of several branches, channel by channel."""

    def __init__(self, branches: Sequence[nn.Module]) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([branch(x) for branch in self.branches], 1)


def _modules(layer: Layer) -> Iterator[nn.Module]:
    match layer["type"]:
        case "conv":
            norm = layer.get("norm", False)
            sizes = layer["kernel"], layer["stride"], layer["padding"]
            yield nn.Conv2d(layer["in"], layer["out"], *sizes, bias=not norm)
            if norm:
                yield nn.BatchNorm2d(layer["out"])
            yield nn.ReLU()
        case "pool":
            yield nn.MaxPool2d(layer["kernel"], layer["stride"], layer.get("padding", 0))
        case "dense":
            yield from (nn.Flatten(), nn.Linear(layer["in"], layer["out"]))
        case "residual":
            yield Residual(build(layer["body"]))
        case "inception":
            yield Inception([build(branch) for branch in layer["branches"]])
        case other:
            raise ValueError(f"there is no layer of type {other!r}: conv, pool, dense, residual, inception")


def _volume(shape: Sequence[int]) -> int:
    return int(torch.Size(shape).numel())

"""Oracle for convnets/lenet: a small convolutional network."""

import math
from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from reference.convnets.blocks import same

Params = Mapping[str, Tensor]


def he_init(generator: torch.Generator, shape: tuple[int, ...]) -> Tensor:
    """Normal weights of variance 2 / fan_in: filters (F, C, KH, KW), or a matrix (D, M)."""
    fan_in = math.prod(shape[1:]) if len(shape) == 4 else shape[0]
    return torch.randn(shape, generator=generator, dtype=torch.float64) * math.sqrt(2 / fan_in)


def logits(params: Params, x: Tensor) -> Tensor:
    """conv-relu-pool-conv-relu-pool-dense-relu-dense on images x (N, C, H, W): shape (N, K)."""
    for layer in "12":
        x = F.max_pool2d(same(x, params[f"w{layer}"], params[f"b{layer}"]).relu(), 2)
    hidden = (x.flatten(1) @ params["w3"] + params["b3"]).relu()
    return hidden @ params["w4"] + params["b4"]


def convnet_loss(params: Params, x: Tensor, y: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """The mean cross-entropy of the network on labels y (N,), and its gradients by the parameters' names."""
    leaves = {name: value.detach().requires_grad_() for name, value in params.items()}
    with torch.enable_grad():
        loss = F.cross_entropy(logits(leaves, x), y)
    grads = torch.autograd.grad(loss, list(leaves.values()))
    return loss.detach(), dict(zip(leaves, grads, strict=True))


def sgd_momentum(
    params: Params, grads: Params, state: Params, lr: float, mu: float = 0.9
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """One step: velocity = mu * velocity + gradient, parameter - lr * velocity. No state: velocities of 0."""
    velocity = {name: mu * state[name] + grad if name in state else grad for name, grad in grads.items()}
    return {name: value - lr * velocity[name] for name, value in params.items()}, velocity


def train(
    params: Params, x: Tensor, y: Tensor, *, epochs: int, batch_size: int, lr: float, rng: object
) -> dict[str, Tensor]:
    """Training in full batches: their order plays no part, so rng is not used."""
    if batch_size < len(x):
        raise ValueError("the order of smaller batches is the student's own")
    trained, state = dict(params), dict[str, Tensor]()
    for _ in range(epochs):
        _, grads = convnet_loss(trained, x, y)
        trained, state = sgd_momentum(trained, grads, state, lr)
    return trained


def shapes(
    channels: int, filters: tuple[int, int], kernels: tuple[int, int], image: tuple[int, int], hidden: int, classes: int
) -> dict[str, tuple[int, ...]]:
    """The shapes of a network's parameters, for images whose sides are multiples of 4."""
    (f1, f2), (k1, k2), (height, width) = filters, kernels, image
    return {
        "w1": (f1, channels, k1, k1), "b1": (f1,), "w2": (f2, f1, k2, k2), "b2": (f2,),
        "w3": (f2 * (height // 4) * (width // 4), hidden), "b3": (hidden,), "w4": (hidden, classes), "b4": (classes,),
    }  # fmt: skip


def accuracy(params: Params, x: Tensor, y: Tensor) -> float:
    """The share of images x (N, C, H, W) whose label y (N,) gets the largest logit."""
    return float((logits(params, x).argmax(1) == y).double().mean())

"""Mistakes of convnets/lenet in the network and its gradients."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.misconceptions.numpy_like import numpy_errors
from autograder.model import Misconception
from reference.convnets import lenet as right
from reference.convnets.blocks import same

Params = Mapping[str, Tensor]
Step = Callable[[Tensor], Tensor]
Wrong = Mapping[str, Callable[..., Any]]


def _largest(x: Tensor) -> Tensor:
    return F.max_pool2d(x, 2)


def _same_step(x: Tensor) -> Tensor:
    return x


def _mean_loss(logits: Tensor, y: Tensor) -> Tensor:
    return F.cross_entropy(logits, y)


class _Masked(torch.autograd.Function):
    """A ReLU whose gradient goes through everywhere."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return x.relu()

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> Any:
        return upstream[0]


def _unmasked(x: Tensor) -> Tensor:
    found: Tensor = _Masked.apply(x)  # type: ignore[no-untyped-call]
    return found


def _spread(x: Tensor) -> Tensor:
    """Max pooling forward, the gradient of average pooling backward."""
    mean = F.avg_pool2d(x, 2)
    return mean + (_largest(x) - mean).detach()


def _network(
    *,
    relu: Step = torch.relu,
    dense_relu: Step = torch.relu,
    pool: Step = _largest,
    flat: Step = lambda x: x.flatten(1),
    last: Step = _same_step,
    loss: Callable[[Tensor, Tensor], Tensor] = _mean_loss,
    padded: bool = True,
) -> Wrong:
    """The network with another step somewhere, and the gradients of it."""

    def conv(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
        return same(x, w, b) if padded else F.conv2d(x, w, b)

    @numpy_errors()
    def model(params: Params, x: Tensor, y: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        p = {name: value.detach().requires_grad_() for name, value in params.items()}
        with torch.enable_grad():
            for layer in "12":
                x = pool(relu(conv(x, p[f"w{layer}"], p[f"b{layer}"])))
            hidden = dense_relu(flat(x) @ p["w3"] + p["b3"])
            value = loss(last(hidden @ p["w4"] + p["b4"]), y)
            found = torch.autograd.grad(value, list(p.values()), allow_unused=True)
        pairs = zip(p.items(), found, strict=True)
        return value.detach(), {name: torch.zeros_like(v) if g is None else g for (name, v), g in pairs}

    return {"convnet_loss": model}


def _gradients(change: Callable[[dict[str, Tensor], Params, int], dict[str, Tensor]]) -> Wrong:
    """The right loss, and the right gradients changed."""

    def model(params: Params, x: Tensor, y: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        loss, grads = right.convnet_loss(params, x, y)
        return loss, grads | change(grads, params, len(x))

    return {"convnet_loss": model}


def _mixed(loss: Wrong, grads: Wrong) -> Wrong:
    """The loss of one model and the gradients of another."""

    def model(params: Params, x: Tensor, y: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        return loss["convnet_loss"](params, x, y)[0], grads["convnet_loss"](params, x, y)[1]

    return {"convnet_loss": model}


def _summed(logits: Tensor, y: Tensor) -> Tensor:
    return F.cross_entropy(logits, y, reduction="sum")


def _softmax_twice(logits: Tensor, y: Tensor) -> Tensor:
    return F.cross_entropy(logits.softmax(1), y)


RIGHT = _network()

NETWORK = (
    Misconception(
        "loss-summed-over-batch",
        "You add the losses of the images up.",
        "The mean over the batch is asked for: softmax_cross_entropy gives it, and its gradient, as they are.",
        _network(loss=_summed),
    ),
    Misconception(
        "gradients-summed-over-batch",
        "Your gradients are those of the sum over the batch, while the loss is the mean.",
        "dlogits of softmax_cross_entropy has the 1 / N in it: hand it on as it is.",
        _mixed(RIGHT, _network(loss=_summed)),
    ),
    Misconception(
        "gradients-divided-again",
        "You divide the gradients by the number of images once more.",
        "dlogits of softmax_cross_entropy has the 1 / N in it: hand it on as it is.",
        _gradients(lambda grads, params, n: {name: value / n for name, value in grads.items()}),
    ),
    Misconception(
        "relu-left-out-of-convolutions",
        "You leave out the ReLU after the convolutions.",
        "conv - relu - pool, twice: without it the network is a linear one until the dense layers.",
        _network(relu=_same_step),
    ),
    Misconception(
        "relu-left-out-of-hidden-layer",
        "You leave out the ReLU after the hidden dense layer.",
        "dense - relu - dense: without the ReLU two dense layers are one.",
        _network(dense_relu=_same_step),
    ),
    Misconception(
        "relu-on-logits",
        "You apply a ReLU to the logits.",
        "The last layer has none: logits below zero say that a class is unlikely.",
        _network(last=torch.relu),
    ),
    Misconception(
        "network-averages",
        "You take the mean of each window where the largest value is asked for.",
        "The pooling of this network is max_pool2d_forward.",
        _network(pool=lambda x: F.avg_pool2d(x, 2)),
    ),
    Misconception(
        "flattened-channels-last",
        "You move the channels to the end before you flatten the images.",
        "x.reshape(N, -1) of an array (N, C, H, W) is meant, as it is.",
        _network(flat=lambda x: x.permute(0, 2, 3, 1).flatten(1)),
    ),
    Misconception(
        "softmax-before-cross-entropy",
        "You apply a softmax before the cross-entropy, which has one in it.",
        "softmax_cross_entropy takes logits: what the last dense layer gives.",
        _network(loss=_softmax_twice),
    ),
    Misconception(
        "network-not-padded",
        "You do not pad, so that the maps get smaller than w3 expects.",
        "A kernel of size K keeps height and width with a padding of K // 2.",
        _network(padded=False),
    ),
    Misconception(
        "relu-backward-left-out",
        "You leave relu_backward out of the convolutional part.",
        "On its way back the gradient passes each layer in reverse: pool, ReLU, convolution.",
        _mixed(RIGHT, _network(relu=_unmasked)),
    ),
    Misconception(
        "dense-relu-backward-left-out",
        "You leave relu_backward out behind the hidden dense layer.",
        "The gradient that comes out of the last dense layer passes the ReLU before it reaches the hidden one.",
        _mixed(RIGHT, _network(dense_relu=_unmasked)),
    ),
    Misconception(
        "pooling-backward-spreads",
        "You spread the gradient over each pooling window.",
        "Only the pixel that won gets it: max_pool2d_backward(dout, x), with the x that went into the pooling.",
        _mixed(RIGHT, _network(pool=_spread)),
    ),
    Misconception(
        "gradients-with-wrong-sign",
        "Your gradients have the wrong sign.",
        "They say how the loss grows. The step against them is taken in sgd_momentum.",
        _gradients(lambda grads, params, n: {name: -value for name, value in grads.items()}),
    ),
    Misconception(
        "bias-gradients-zero",
        "The gradients of your biases are zero.",
        "Each layer's backward pass gives db as its third result.",
        _gradients(lambda grads, params, n: {name: 0 * grads[name] for name in grads if name[0] == "b"}),
    ),
    Misconception(
        "convolutions-not-reached",
        "No gradient reaches the convolutions: theirs are zero.",
        "After the dense layers, bring the gradient back to the shape of the maps and go on through pool, ReLU, conv.",
        _gradients(lambda grads, params, n: {name: 0 * value for name, value in grads.items() if name[1] in "12"}),
    ),
    Misconception(
        "weights-decay",
        "You add the weights themselves to their gradients, as weight decay does.",
        "No decay is asked for here: the gradient of the loss is all.",
        _gradients(lambda grads, params, n: {k: v + 0.01 * params[k] for k, v in grads.items() if k[0] == "w"}),
    ),
)

"""Known mistakes of convnets/lenet."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from autograder.misconceptions.convnets.lenet_network import NETWORK, Params
from autograder.model import Misconception
from reference.convnets import lenet as right

Dicts = tuple[dict[str, Tensor], dict[str, Tensor]]


def _init(deviation: Callable[[tuple[int, ...]], float], uniform: bool = False) -> dict[str, Callable[..., Any]]:
    """First weights of another standard deviation, or not normal."""

    def model(rng: Any, shape: tuple[int, ...]) -> Tensor:
        generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
        if uniform:
            drawn = math.sqrt(3) * (2 * torch.rand(*shape, generator=generator, dtype=torch.float64) - 1)
        else:
            drawn = torch.randn(*shape, generator=generator, dtype=torch.float64)
        return deviation(shape) * drawn

    return {"he_init": model}


def _fan_in(shape: tuple[int, ...]) -> int:
    return math.prod(shape[1:]) if len(shape) == 4 else shape[0]


def _fan_out(shape: tuple[int, ...]) -> int:
    return shape[0] * math.prod(shape[2:]) if len(shape) == 4 else shape[1]


INITIALISATION = (
    Misconception(
        "variance-one-over-fan-in",
        "Your weights have the variance 1 / fan_in.",
        "The ReLU loses half of the signal: a factor 2 makes up for it.",
        _init(lambda shape: math.sqrt(1 / _fan_in(shape))),
    ),
    Misconception(
        "variance-for-deviation",
        "You take 2 / fan_in for the standard deviation.",
        "It is the variance: the standard deviation is its square root.",
        _init(lambda shape: 2 / _fan_in(shape)),
    ),
    Misconception(
        "fan-out-for-fan-in",
        "You count what a layer gives out, not what it sums.",
        "fan_in is how many products make up one output: C * KH * KW for filters (F, C, KH, KW), D for (D, M).",
        _init(lambda shape: math.sqrt(2 / _fan_out(shape))),
    ),
    Misconception(
        "kernel-not-counted",
        "You count the channels, but not the pixels of the kernel.",
        "A filter sums C * KH * KW products for one output.",
        _init(lambda shape: math.sqrt(2 / (shape[1] if len(shape) == 4 else shape[0]))),
    ),
    Misconception(
        "uniform-weights",
        "You draw uniform numbers.",
        "Normal ones are asked for: rng.normal, or rng.standard_normal times the deviation.",
        _init(lambda shape: math.sqrt(2 / _fan_in(shape)), uniform=True),
    ),
)


def _velocity(
    change: Callable[[Tensor, Tensor, float, float], Tensor], move: Callable[[Tensor, Tensor, float, float], Tensor]
) -> dict[str, Callable[..., Any]]:
    """A step with a `change` of the velocity made of (old, gradient, lr, mu), or a `move` made of the new one."""

    def model(params: Params, grads: Params, state: Params, lr: float, mu: float = 0.9) -> Dicts:
        old = {name: state.get(name, torch.zeros_like(grad)) for name, grad in grads.items()}
        new = {name: change(old[name], grad, lr, mu) for name, grad in grads.items()}
        return {name: value + move(new[name], grads[name], lr, mu) for name, value in params.items()}, new

    return {"sgd_momentum": model}


def _right_change(old: Tensor, grad: Tensor, lr: float, mu: float) -> Tensor:
    return mu * old + grad


def _right_move(new: Tensor, grad: Tensor, lr: float, mu: float) -> Tensor:
    return -lr * new


def _unchanged_state(params: Params, grads: Params, state: Params, lr: float, mu: float = 0.9) -> Dicts:
    zeros = {name: torch.zeros_like(grad) for name, grad in grads.items()}
    return right.sgd_momentum(params, grads, state, lr, mu)[0], {**zeros, **state}


def _fixed_mu(params: Params, grads: Params, state: Params, lr: float, mu: float = 0.9) -> Dicts:
    return right.sgd_momentum(params, grads, state, lr)


STEPS = (
    Misconception(
        "step-uphill",
        "You step along the gradient, up the hill.",
        "The loss grows along its gradient: subtract.",
        _velocity(_right_change, lambda new, grad, lr, mu: lr * new),
    ),
    Misconception(
        "momentum-left-out",
        "You step by the gradient alone, without what is left of the old velocity.",
        "velocity = mu * velocity + gradient, and the parameters move by lr * velocity.",
        _velocity(_right_change, lambda new, grad, lr, mu: -lr * grad),
    ),
    Misconception(
        "momentum-forgotten-between-steps",
        "You start from a velocity of 0 in every step.",
        "state holds the velocities of the last step: they are multiplied by mu.",
        _velocity(lambda old, grad, lr, mu: grad, _right_move),
    ),
    Misconception(
        "gradient-damped",
        "You multiply the gradient by 1 - mu, as for a running mean.",
        "velocity = mu * velocity + gradient: the gradient counts in full.",
        _velocity(lambda old, grad, lr, mu: mu * old + (1 - mu) * grad, _right_move),
    ),
    Misconception(
        "learning-rate-in-velocity",
        "You put the learning rate, and the sign, into the velocity.",
        "The parameters come out the same, but the velocity here is mu * velocity + gradient; lr comes after it.",
        _velocity(lambda old, grad, lr, mu: mu * old - lr * grad, lambda new, grad, lr, mu: new),
    ),
    Misconception(
        "learning-rate-twice",
        "You multiply by the learning rate twice: in the velocity and in the step.",
        "velocity = mu * velocity + gradient; lr comes in only when the parameters move.",
        _velocity(lambda old, grad, lr, mu: mu * old + lr * grad, _right_move),
    ),
    Misconception(
        "nesterov",
        "You look ahead, as Nesterov's momentum does.",
        "The parameters move by lr times the new velocity, nothing more.",
        _velocity(_right_change, lambda new, grad, lr, mu: -lr * (grad + mu * new)),
    ),
    Misconception(
        "old-velocity-used",
        "You step by the old velocity and make the new one afterwards.",
        "First the velocity takes up the gradient, then the parameters move by it.",
        {
            "sgd_momentum": lambda params, grads, state, lr, mu=0.9: (
                {name: value - lr * state.get(name, 0 * value) for name, value in params.items()},
                right.sgd_momentum(params, grads, state, lr, mu)[1],
            )
        },
    ),
    Misconception(
        "state-not-renewed",
        "You return the state as it came.",
        "The new velocities are the second result, or the next step starts from the old ones.",
        {"sgd_momentum": _unchanged_state},
    ),
    Misconception(
        "momentum-always-0.9",
        "You use a momentum of 0.9, whatever mu says.",
        "mu is an option: 0.9 is only what it is when nobody says otherwise.",
        {"sgd_momentum": _fixed_mu},
    ),
)


def _train(
    *, sign: float = 1, mu: float = 0.9, rounds: Callable[[int], int] = lambda epochs: epochs, fixed: bool = False
) -> dict[str, Callable[..., Any]]:
    """Training with a mistake, in batches in the order of rng; `fixed`: the gradients are those of the first step."""

    def model(
        params: Params, x: Tensor, y: Tensor, *, epochs: int, batch_size: int, lr: float, rng: Any
    ) -> Mapping[str, Tensor]:
        now, state = dict(params), dict[str, Tensor]()
        for _ in range(rounds(epochs)):
            order = torch.from_numpy(rng.permutation(len(x)))
            for start in range(0, len(x), batch_size):
                batch = order[start : start + batch_size]
                _, grads = right.convnet_loss(params if fixed else now, x[batch], y[batch])
                now, state = right.sgd_momentum(now, grads, state, sign * lr, mu)
        return now

    return {"train": model}


TRAINING = (
    Misconception(
        "trained-uphill",
        "You train up the hill: the loss grows.",
        "A step of gradient descent subtracts.",
        _train(sign=-1),
    ),
    Misconception(
        "trained-for-one-epoch",
        "You go through the images once, whatever epochs says.",
        "epochs is how often every image is used: two loops, one inside the other.",
        _train(rounds=lambda epochs: min(epochs, 1)),
    ),
    Misconception(
        "state-lost-between-steps",
        "You do not hand the state from one step on to the next, so that there is no momentum.",
        "params, state = sgd_momentum(params, grads, state, lr): the state comes from the step before.",
        _train(mu=0),
    ),
    Misconception(
        "gradients-of-first-parameters",
        "You compute all gradients at the parameters that you were given.",
        "Each step starts where the last one ended: convnet_loss takes the parameters as they are now.",
        _train(fixed=True),
    ),
    Misconception(
        "one-epoch-too-many",
        "You train for one epoch more than epochs says.",
        "With epochs = 0 nothing changes: range(epochs).",
        _train(rounds=lambda epochs: epochs + 1),
    ),
)

MISCONCEPTIONS = (*INITIALISATION, *NETWORK, *STEPS, *TRAINING)

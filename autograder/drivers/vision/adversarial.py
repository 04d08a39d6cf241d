"""Driver of vision/adversarial: a small model to attack and to train, with batch norm, built of arrays.

One convolution, batch norm, ReLU, and a dense head on all pixels; `state` is a dict by the names of `state_dict()`.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

State = dict[str, Tensor]


def attack_probe(student: Any, state: State, x: Tensor, y: Tensor, **options: float) -> dict[str, Any]:
    """The attacked images; and what an attack leaves alone: the images, the model, its gradients and its mode."""
    model = _model(state).train()
    _fill_gradients(model)
    given = x.clone()
    found = student.fgsm(model, given, y, **options)
    if not isinstance(found, Tensor):
        raise TypeError(f"fgsm should return a tensor, not {type(found).__name__}")
    left = {f"gradient of {name}": part.grad for name, part in model.named_parameters() if part.grad is not None}
    answer = {"attacked": found, "x after": given, "needs a gradient": found.requires_grad, "training": model.training}
    return {**answer, **left, **model.state_dict()}


def training_probe(
    student: Any, state: State, x: Tensor, y: Tensor, *, steps: int, lr: float, **options: float
) -> dict[str, Any]:
    """The losses of a few training steps, and all that the model holds after them."""
    model = _model(state).train()
    optimiser = torch.optim.SGD(model.parameters(), lr=lr)
    _fill_gradients(model)
    step = student.adversarial_training_step
    losses = [_number(step(model, optimiser, x, y, **options)) for _ in range(steps)]
    return {"losses": losses, "training": model.training, **model.state_dict()}


def attacked_digits_experiment(student: Any, state: State, x: Tensor, y: Tensor, *, eps: float) -> dict[str, Tensor]:
    """Digits as the attack makes them, in float32."""
    return {"attacked": student.fgsm(_model(state).float().eval(), x.float(), y, eps=eps)}


def train(state: State, x: Tensor, y: Tensor, *, epochs: int, rng: Any) -> State:
    """The state of a model trained from the one given: the victim of the experiment."""
    model = _model(state).float().train()
    optimiser = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for _ in range(epochs):
        for batch in torch.split(torch.from_numpy(rng.permutation(len(x))), 64):
            optimiser.zero_grad()
            F.cross_entropy(model(x[batch].float()), y[batch]).backward()  # type: ignore[no-untyped-call]
            optimiser.step()
    return model.double().state_dict()


def logits(state: State, x: Tensor) -> Tensor:
    with torch.no_grad():
        found: Tensor = _model(state).float().eval()(x.float())
    return found


def _model(state: State) -> nn.Sequential:
    filters, channels, height, width = state["conv.weight"].shape
    classes, numbers = state["head.weight"].shape
    model = nn.Sequential()
    model.add_module("conv", nn.Conv2d(channels, filters, (height, width), padding="same"))
    model.add_module("bn", nn.BatchNorm2d(filters))
    model.add_module("relu", nn.ReLU())
    model.add_module("flatten", nn.Flatten())
    model.add_module("head", nn.Linear(numbers, classes))
    model.double().load_state_dict(state, strict=False)  # the counter of batches starts at 0
    return model


def _number(loss: Any) -> float:
    return float(loss.detach() if isinstance(loss, Tensor) else loss)


def _fill_gradients(model: nn.Module) -> None:
    """Gradients as an earlier step leaves them."""
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, 0.25)

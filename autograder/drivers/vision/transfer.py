"""Driver of vision/transfer: small models built of arrays, handed to the submission, and what becomes of them.

A model is a chain of named blocks: convolution, batch norm, ReLU and 2 x 2 pooling each, then `pool`, `flatten` and
`head`. Its architecture is read off the shapes in `state`, a dict by the names of `state_dict()`.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

State = dict[str, Tensor]


def truncate_probe(student: Any, state: State, x: Tensor, *, name: str) -> State:
    """What the truncated model makes of x, and what the whole one still does."""
    model = _model(state).eval()
    body = _module(student.truncate(model, name), "truncate")
    with torch.no_grad():
        return {"out": body.eval()(x), "model still gives": model(x)}


def extract_probe(student: Any, state: State, x: Tensor, *, batch_size: int, resting: str) -> dict[str, Any]:
    """Features by a body that is training but for one block, and what is left of its modes and buffers."""
    body = nn.Sequential(*list(_model(state))[:-1], nn.Dropout(0.5)).train()
    names = dict(zip(_blocks(state), body, strict=False))
    names[resting].eval()
    features = student.extract_features(body, x, batch_size=batch_size)
    if not isinstance(features, Tensor):
        raise TypeError(f"extract_features should return a tensor, not {type(features).__name__}")
    modes = {name: module.training for name, module in body.named_modules()}
    found = {"features": features, "needs a gradient": features.requires_grad, "training after": modes}
    return found | {f"after {name}": value for name, value in body.state_dict().items() if "running" in name}


def replace_probe(
    student: Any, state: State, w: Tensor, b: Tensor, x: Tensor, *, name: str, single: bool
) -> dict[str, Any]:
    """A frozen model with its head replaced: the new head's form, and with w and b in it what comes out."""
    dtype = torch.float32 if single else torch.float64
    model = nn.Sequential()
    model.add_module("trunk", _model(state)[:-1])
    model.add_module("classifier", nn.Sequential(nn.Dropout(0.5), _model(state).head))
    model = model.to(dtype).requires_grad_(False).eval()
    before = model(x.to(dtype))
    found = _module(student.replace_head(model, name, len(b)), "replace_head")
    head = _module(found.get_submodule(name), "the new head")
    linear = next((part for part in head.modules() if isinstance(part, nn.Linear)), None)
    answer = {"head is a": type(head).__name__, "model left alone": bool(torch.equal(model(x.to(dtype)), before))}
    if linear is not None and linear.weight.shape == w.shape and linear.bias is not None:
        answer |= _form(linear)
        with torch.no_grad():
            linear.weight.copy_(w)
            linear.bias.copy_(b)
        answer["out"] = found.double().eval()(x)
    elif linear is not None:
        answer["weight of shape"] = list(linear.weight.shape)
    return answer


def _form(linear: nn.Linear) -> dict[str, Any]:
    drawn = bool(linear.weight.detach().std() > 0)
    dtype = str(linear.weight.dtype).removeprefix("torch.")
    return {"dtype": dtype, "trainable": linear.weight.requires_grad and linear.bias.requires_grad, "drawn": drawn}


def freeze_probe(student: Any, state: State, x: Tensor, y: Tensor, *, part: str, steps: int) -> dict[str, Any]:
    """All that a model holds after training steps, a part of it frozen before them.

    The optimiser has all parameters, a momentum for each, and decays weights: what gets a gradient, were it 0, moves.
    """
    model = _model(state).eval()
    optimiser = torch.optim.SGD(model.parameters(), lr=0.0, momentum=0.9, weight_decay=0.01)
    _step(model, optimiser, x, y)
    optimiser.param_groups[0]["lr"] = 0.1
    model.train()
    block = model.get_submodule(part)
    returned = student.freeze(block)
    for _ in range(steps):
        _step(model, optimiser, x, y)
    return {"returns the module": returned is block, **_flags(model), **model.state_dict()}


def keep_probe(
    student: Any, state: State, x: Tensor, y: Tensor, *, part: str, epochs: int, again: bool
) -> dict[str, Any]:
    """As `freeze_probe`, with model.train() and model.eval() in each epoch; if `again`, all thawed in the end."""
    model = _model(state)
    block = model.get_submodule(part)
    block.requires_grad_(False)
    student.keep_frozen_bn_eval(model)
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1)
    evaluating = {}
    for _ in range(epochs):
        model.train()
        _step(model, optimiser, x, y)
        model.eval()
        evaluating = {f"trains in eval, {name}": module.training for name, module in _norms(model)}
    if again:
        block.requires_grad_(True)
    model.train()
    with torch.no_grad():
        model(x)
    training = {f"trains, {name}": module.training for name, module in _norms(model)}
    return {**evaluating, **training, **model.state_dict()}


def unfreeze_probe(student: Any, state: State, x: Tensor, y: Tensor, *, n_blocks: int) -> dict[str, Any]:
    """A frozen model, some of it thawed and trained: which names came back, and all that it holds then."""
    model = _model(state).train()
    for child in model.children():
        child.requires_grad_(False).eval()
    names = list(student.unfreeze_last(model, n_blocks))
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1)
    if n_blocks:
        for _ in range(2):
            _step(model, optimiser, x, y)
    return {"names": names, **_flags(model), **model.state_dict()}


def groups_probe(
    student: Any, state: State, x: Tensor, y: Tensor, *, head: str, frozen: str, lr_body: float, lr_head: float
) -> dict[str, Any]:
    """The groups by the names of their parameters; and, if none is there twice, what two steps make of the model."""
    model = _model(state).eval()
    if frozen:
        model.get_submodule(frozen).requires_grad_(False)
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    groups = [{**group, "params": list(group["params"])} for group in student.discriminative_groups(
        model, head, lr_body, lr_head)]  # fmt: skip
    found = [(float(group["lr"]), sorted(names[id(parameter)] for parameter in group["params"])) for group in groups]
    shown = {f"with lr {lr:g}": members for lr, members in sorted(found) if members}
    members = [name for _, group in found for name in group]
    if len(set(members)) < len(members) or not members:
        return shown
    optimiser = torch.optim.SGD([group for group in groups if group["params"]], lr=1.0, weight_decay=0.01)
    for _ in range(2):
        _step(model, optimiser, x, y)
    return {**shown, **model.state_dict()}


def fine_tune_probe(student: Any, state: State, x: Tensor, y: Tensor, *, frozen: str, **how: Any) -> dict[str, Any]:
    """All that a model holds after fine-tuning, a part of it frozen by the caller; and whether it is still training."""
    model = _model(state).train()
    if frozen:
        model.get_submodule(frozen).requires_grad_(False)
    tuned = _module(student.fine_tune(model, x, y, **how), "fine_tune")
    return {"training": any(module.training for module in tuned.modules()), **tuned.state_dict()}


def pasted_digits_experiment(
    student: Any, state: State, x: Tensor, y: Tensor, new_x: Tensor, *, num_classes: int, rng: Any
) -> dict[str, Tensor]:
    """For each draw of a few images x (D, N, 1, H, W) of new classes, logits for others by a head on features."""
    body = student.truncate(_model(state).float(), "pool")
    maps = [student.extract_features(body, images.float()) for images in (x.flatten(0, 1), new_x)]
    features, others = (8 * F.normalize(part.amax((2, 3))) for part in maps)
    found = []
    for few in torch.split(features, len(y)):
        chain = nn.Sequential()
        chain.add_module("head", nn.Linear(features.shape[1], 1))
        chain = student.replace_head(chain, "head", num_classes)
        chain = student.fine_tune(chain, few, y, warmup_epochs=30, epochs=0, lr_body=0.0, lr_head=0.1, rng=rng)
        with torch.no_grad():
            found.append(chain(others))
    return {"logits": torch.stack(found)}


def train(state: State, x: Tensor, y: Tensor, *, epochs: int, lr: float, rng: Any) -> State:
    """The state of a model trained from the one given: the source of the experiment, and training from scratch."""
    model = _model(state).float().train()
    optimiser = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    for _ in range(epochs):
        for batch in torch.split(torch.from_numpy(rng.permutation(len(x))), 64):
            _step(model, optimiser, x[batch].float(), y[batch])
    return dict(model.double().state_dict())


def logits(state: State, x: Tensor) -> Tensor:
    with torch.no_grad():
        found: Tensor = _model(state).float().eval()(x.float())
    return found


def _blocks(state: State) -> list[str]:
    return list(dict.fromkeys(name.split(".")[0] for name in state if not name.startswith("head.")))


def _model(state: State) -> Any:
    """A chain of blocks with everything in `state`."""
    model = nn.Sequential()
    for name in _blocks(state):
        filters, channels, height, _ = state[f"{name}.conv.weight"].shape
        block = nn.Sequential()
        block.add_module("conv", nn.Conv2d(channels, filters, height, padding=height // 2, bias=False))
        block.add_module("bn", nn.BatchNorm2d(filters))
        block.add_module("relu", nn.ReLU())
        block.add_module("down", nn.MaxPool2d(2))
        model.add_module(name, block)
    classes, width = state["head.weight"].shape
    side = round((width / len(state[f"{name}.bn.weight"])) ** 0.5)
    model.add_module("pool", nn.AdaptiveAvgPool2d(side))
    model.add_module("flatten", nn.Flatten())
    model.add_module("head", nn.Linear(width, classes))
    model.double().load_state_dict(state, strict=False)  # the counters of batches start at 0
    return model


def _step(model: nn.Module, optimiser: torch.optim.Optimizer, x: Tensor, y: Tensor) -> None:
    optimiser.zero_grad()
    F.cross_entropy(model(x), y).backward()  # type: ignore[no-untyped-call]
    optimiser.step()


def _flags(model: nn.Module) -> dict[str, bool]:
    return {f"trainable, {name}": parameter.requires_grad for name, parameter in model.named_parameters()}


def _norms(model: nn.Module) -> list[tuple[str, nn.Module]]:
    return [(name, module) for name, module in model.named_modules() if isinstance(module, nn.BatchNorm2d)]


def _module(value: Any, what: str) -> Any:
    if not isinstance(value, nn.Module):
        raise TypeError(f"{what} should return a module, not {type(value).__name__}")
    return value

"""Known mistakes of vision/inspection."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from autograder.misconceptions.vision.inspection_classes import CONFUSION, TOP
from autograder.misconceptions.vision.inspection_tiles import TILES
from autograder.model import Misconception
from reference.vision.inspection import keep

Take = Callable[[Any, Tensor], Tensor]


def _look(
    *,
    evaluate: bool = True,
    restore: bool = True,
    remove: bool = True,
    whatever: bool = True,
    grad: bool = False,
    take: Take = lambda inputs, output: output.detach().clone(),
) -> dict[str, Callable[..., Any]]:
    """get_activations with some of its care left out; `whatever` happens: clean up even after an exception."""

    def get_activations(model: nn.Module, x: Tensor, names: Sequence[str]) -> dict[str, Tensor]:
        found: dict[str, Tensor] = {}
        modes = [(module, module.training) for module in model.modules()]
        handles = [model.get_submodule(name).register_forward_hook(_hook(found, name, take)) for name in names]
        if evaluate:
            model.eval()
        failure: RuntimeError | None = None
        try:
            with torch.set_grad_enabled(grad):
                model(x)
        except RuntimeError as error:
            failure = error
        if failure is None or whatever:
            for handle in handles if remove else ():
                handle.remove()
            for module, mode in modes if restore else ():
                module.training = mode
        if failure is not None:
            raise failure
        return found

    return {"get_activations": get_activations}


def _hook(found: dict[str, Tensor], name: str, take: Take) -> Callable[..., None]:
    def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        found[name] = take(inputs, output)

    return hook


def _all_back_to_training(model: nn.Module, x: Tensor, names: Sequence[str]) -> dict[str, Tensor]:
    """The mode of the model, not those of its modules."""
    before = model.training
    found: dict[str, Tensor] = {}
    handles = [model.get_submodule(name).register_forward_hook(keep(found, name)) for name in names]
    try:
        with torch.no_grad():
            model.eval()(x)
    finally:
        for handle in handles:
            handle.remove()
        model.train(before)
    return found


ACTIVATIONS = (
    Misconception(
        "looked-while-training",
        "You run the model in training mode: dropout throws numbers away, and batch norm uses and changes its"
        " statistics.",
        "model.eval() before you run it.",
        _look(evaluate=False),
        "TE1",
    ),
    Misconception(
        "left-in-evaluation-mode",
        "You leave the model in evaluation mode.",
        "Whoever trains it next trains without dropout. Note `module.training` of each module first.",
        _look(restore=False),
    ),
    Misconception(
        "all-modules-to-one-mode",
        "You put all modules into the mode that the model was in.",
        "Parts of it may have been in another: note `module.training` for each of model.modules().",
        {"get_activations": _all_back_to_training},
    ),
    Misconception(
        "hooks-left-behind",
        "You do not remove your hooks.",
        "register_forward_hook returns a handle: call its remove() in the end.",
        _look(remove=False),
    ),
    Misconception(
        "hooks-left-after-an-exception",
        "You leave hooks or modes behind when the model raises an exception.",
        "try ... finally: what stands behind finally happens in any case.",
        _look(whatever=False),
    ),
    Misconception(
        "activations-not-copied",
        "You keep the tensor that the layer returned, which the next layer changes in place.",
        "The output of a layer before ReLU(inplace=True) has no negative numbers left when you look: clone it.",
        _look(take=lambda inputs, output: output.detach()),
    ),
    Misconception(
        "inputs-for-outputs",
        "You keep what goes into the layer.",
        "A forward hook gets the module, its inputs and its output: keep the third.",
        _look(take=lambda inputs, output: inputs[0].detach().clone()),
    ),
    Misconception(
        "activations-with-graph",
        "You keep activations with their graph, and with it the memory of the whole pass.",
        "torch.no_grad() around the pass, or detach() in the hook.",
        _look(grad=True, take=lambda inputs, output: output.clone()),
    ),
)

MISCONCEPTIONS = (*ACTIVATIONS, *TILES, *TOP, *CONFUSION)

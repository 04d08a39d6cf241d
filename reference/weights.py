"""Trained weights from files: state dictionaries as `torch.hub` leaves them, and safetensors. Nothing is downloaded.

    model.load_state_dict(load_weights("resnet18-f37072fd.pth"))
    load_into(model, "model.safetensors", leave_out=("fc.",))

A file is opened with `weights_only`, so that it can hold tensors and no code.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

WRAPPED = ("state_dict", "model_state_dict", "model", "weights")  # keys under which training programs keep the weights
PREFIX = "module."  # which nn.DataParallel puts before every name
SHOWN = 4  # names that a message lists


class WeightsError(Exception):
    """A file of weights is missing, broken, or not for this model; the message says which and how."""


def load_weights(path: Path | str) -> dict[str, Tensor]:
    """Tensors by name, on the CPU, from a .safetensors file or one that torch.save wrote."""
    path = Path(path)
    if not path.is_file():
        raise WeightsError(f"there is no file {path}")
    state = _safetensors(path) if path.suffix == ".safetensors" else _saved(path)
    if not state:
        raise WeightsError(f"{path} holds no weights")
    prefixed = all(name.startswith(PREFIX) for name in state)
    return {name.removeprefix(PREFIX) if prefixed else name: value for name, value in state.items()}


def load_into(model: nn.Module, path: Path | str, *, leave_out: Sequence[str] = ()) -> nn.Module:
    """The model with weights from a file in it; names that begin with one of `leave_out` keep what they have.

    All others have to be there, in the right shape, and no more: a head for other classes is left out by its name.
    """
    state = {name: value for name, value in load_weights(path).items() if not name.startswith(tuple(leave_out))}
    wanted = {name: value for name, value in model.state_dict().items() if not name.startswith(tuple(leave_out))}
    for problem, names in (
        ("lacks", wanted.keys() - state.keys() - _counters(wanted)),
        ("has, and the model has not,", state.keys() - wanted.keys()),
    ):
        if names:
            raise WeightsError(f"{path} {problem} {_listed(names)}")
    for name, value in state.items():
        if value.shape != wanted[name].shape:
            shapes = f"{tuple(value.shape)}, but the model's is {tuple(wanted[name].shape)}"
            raise WeightsError(f"{path}: {name} is of shape {shapes}")
    model.load_state_dict(state, strict=False)
    return model


def _counters(wanted: Mapping[str, Tensor]) -> set[str]:
    """Batch norms' counters, which old files do not have and which nothing hangs on."""
    return {name for name in wanted if name.endswith("num_batches_tracked")}


def _listed(names: set[str]) -> str:
    first = sorted(names)[:SHOWN]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(first) + more


def _safetensors(path: Path) -> dict[str, Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        raise WeightsError(f"{path} is truncated or no safetensors file: {error}") from None


def _saved(path: Path) -> dict[str, Tensor]:
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # it raises whatever it stumbles over
        if type(error).__name__ == "UnpicklingError":
            raise WeightsError(f"{path} holds more than tensors, or is no file of weights: it was not opened") from None
        first = (str(error).splitlines() or ["no message"])[0]
        raise WeightsError(f"{path} is truncated or no file of torch.save: {first}") from None
    return _tensors(path, found)


def _tensors(path: Path, found: Any) -> dict[str, Tensor]:
    """A state dictionary, or the one inside what a training program has saved."""
    if isinstance(found, Mapping):
        inner = [found[key] for key in WRAPPED if isinstance(found.get(key), Mapping)]
        state = inner[0] if inner else found
        if state and all(isinstance(name, str) and isinstance(value, Tensor) for name, value in state.items()):
            return dict(state)
        if not state:
            return {}
    raise WeightsError(f"{path} is no dictionary of tensors by name")

"""Functions of a driver as oracles: the same steps that the worker runs with a submission, run with the reference.

A submission in PyTorch works on models, which cannot cross the pipe. So a driver builds a small model from arrays,
calls the submission's functions on it, and returns arrays. It holds no expected value: that is what comes of it here.
"""

import importlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.model import Rng


class _Uncompiled(ModuleType):
    """In place of torch._dynamo, which takes 1.5 s to import for the first optimiser: as in the worker."""

    @staticmethod
    def disable(function: Any, *_: object, **__: object) -> Any:
        return function

    @staticmethod
    def graph_break() -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        """Whoever asks for more gets the real one; but many look at a module's __file__."""
        if name.startswith("__") and name != "__path__":
            raise AttributeError(name)
        if sys.modules.get("torch._dynamo") is self:
            del sys.modules["torch._dynamo"]
        return getattr(importlib.import_module("torch._dynamo"), name)


sys.modules.setdefault("torch._dynamo", _Uncompiled("torch._dynamo"))
torch.__dict__.setdefault("_dynamo", sys.modules["torch._dynamo"])


@dataclass(frozen=True)
class Driven:
    """A driver's function, and the functions of the reference to run it with. Takes tensors and plain values."""

    function: Callable[..., Any]
    reference: Mapping[str, Callable[..., Any]]

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """On copies: models are built of what comes in, and trained."""
        torch.default_generator.manual_seed(0)
        options = {name: _copy(value) for name, value in options.items()}
        with torch.enable_grad():
            return self.function(SimpleNamespace(**self.reference), *map(_copy, arguments), **options)

    def mistaken(self, wrong: Mapping[str, Callable[..., Any]]) -> "Driven":
        """The same with some functions of the reference replaced."""
        return Driven(self.function, {**self.reference, **wrong})


def driven(function: Callable[..., Any], reference: ModuleType) -> Driven:
    """The oracle of a driver's function: what it returns when `reference` takes the place of the submission."""
    return Driven(function, {name: value for name, value in vars(reference).items() if not name.startswith("_")})


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(part) for key, part in value.items()}
    if isinstance(value, Rng):
        return np.random.default_rng(value.seed)
    return value.detach().cpu().clone() if isinstance(value, Tensor) else value  # models are built on the CPU

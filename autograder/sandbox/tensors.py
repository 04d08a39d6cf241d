"""Submissions in PyTorch, inside the worker: tensors for arrays, the student of a driver's functions, a lean torch.

Standard library only: torch is handed over where it is allowed, as None where it is not.
"""

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.sandbox import protocol
else:
    import protocol


class Uncompiled(ModuleType):
    """In place of torch._dynamo, which optimisers ask two things of and whose import takes each child 1.5 s."""

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


def prepare_torch() -> None:
    """One thread, and no compiler.

    Without NNPACK, which complains, in the student's output, of a machine without /proc.
    """
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    torch.backends.nnpack.set_flags(False)
    torch.nn.functional.conv2d(torch.zeros(1, 1, 3, 3), torch.zeros(1, 1, 3, 3))  # so does the first one
    sys.modules.setdefault("torch._dynamo", Uncompiled("torch._dynamo"))
    torch.__dict__.setdefault("_dynamo", sys.modules["torch._dynamo"])


def unpacked(value: Any, torch: Any) -> Any:
    """A value as the student gets it: arrays as fresh tensors where torch is there, integers as int64."""
    if isinstance(value, protocol.Rng):
        import numpy.random  # slow to import, and few units need it

        return numpy.random.default_rng(value.seed)
    if torch is None:
        return value
    if isinstance(value, dict):
        return {key: unpacked(part, torch) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(unpacked(part, torch) for part in value)
    if hasattr(value, "dtype"):
        return torch.tensor(value.astype("int64") if value.dtype.kind in "iu" else value.copy())
    return value


def packed(value: Any, torch: Any) -> Any:
    """A value as it crosses: tensors as arrays."""
    if isinstance(value, dict):
        return {key: packed(part, torch) for key, part in value.items()}
    if isinstance(value, list | tuple):
        parts = [packed(part, torch) for part in value]
        return parts if isinstance(value, list) else tuple(parts)
    return array(value) if isinstance(value, torch.Tensor) else value


def array(tensor: Any) -> Any:
    """A tensor as an array, where it has one: it may be sparse, on no device at all, or of a dtype of torch's own."""
    try:
        return tensor.detach().cpu().numpy()
    except (RuntimeError, TypeError) as error:
        raise TypeError(f"a result is a tensor that cannot be read as an array: {error}") from None


def expect_unchanged(arguments: list[Any], passed: list[Any], torch: Any) -> None:
    """What a read-only array does by itself: complain of a function that writes into its arguments."""
    for sent, tensor in zip(arguments, passed, strict=True):
        read_only = hasattr(sent, "flags") and not sent.flags.writeable
        if read_only and not (sent == packed(tensor, torch)).all():
            raise ValueError("an argument was changed in place: work on a clone of it")


class NotDefined(AttributeError):
    """The submission does not define what a driver asks it for; the text is the name."""


class Functions:
    """What a submission defines, as attributes: the `student` of a driver's functions."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        if not callable(self._module.__dict__.get(name)):
            raise NotDefined(name)
        return self._module.__dict__[name]

"""A device that is not there: tensors that say they are on it, while their numbers are on the CPU.

Like CUDA it refuses operations whose tensors are on two devices, and has no arrays to give away. Unlike torch's own
`FakeTensorMode` it knows the numbers, so that code which looks at them runs too and answers can be compared; and it is
stricter, which knows nothing of the devices of a convolution's weights and lets tensors without axes pass everywhere.
It goes by the name of torch's "meta", the one device besides the CPU that autograd has in each build of torch.

    with pretended():
        x = torch.ones(3).to(DEVICE)
        x + torch.ones(3)  # raises RuntimeError
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode, return_and_correct_aliasing
from torch.utils._pytree import tree_leaves, tree_map

DEVICE = "meta"
needs_cuda = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")]
DEVICES = ["cpu", DEVICE, pytest.param("cuda", marks=needs_cuda)]

aten = torch.ops.aten
MOVES = {aten._to_copy.default, aten.copy_.default}  # from device to device
INDEXED = {aten.index.Tensor, aten.index_put.default, aten.index_put_.default, aten._index_put_impl_.default}
SCALARS = {aten.masked_fill.Tensor, aten.masked_fill_.Tensor, aten.fill.Tensor, aten.fill_.Tensor}


class Elsewhere(Tensor):
    """A tensor on the pretended device; `held` has its numbers."""

    held: Tensor

    @staticmethod
    def __new__(cls, held: Tensor) -> "Elsewhere":
        found: Elsewhere = Tensor._make_wrapper_subclass(  # type: ignore[attr-defined]
            cls, held.shape, strides=held.stride(), storage_offset=held.storage_offset(), dtype=held.dtype,
            device=DEVICE,
        )  # fmt: skip
        found.held = held
        return found

    __torch_function__ = torch._C._disabled_torch_function_impl

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return _run(func, args, kwargs or {})


class _Operations(TorchDispatchMode):
    """Sees every operation, those that make tensors included."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return _run(func, args, kwargs or {})


class _Literals(TorchFunctionMode):
    """Lists to tensors, where "meta" forgets the numbers, and tensors to lists, which torch refuses to subclasses."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func is torch.tensor and _is_there(kwargs.get("device")):
            return func(*args, **{**kwargs, "device": "cpu"}).to(DEVICE)
        if func is Tensor.tolist:
            return func(args[0].cpu())
        if func is Tensor.__getitem__ and isinstance(args[1], tuple):
            return func(args[0], tuple(map(_index, args[1])))
        return func(*args, **kwargs)


def _index(part: Any) -> Any:
    return torch.tensor(part, dtype=torch.int64 if not part else None) if isinstance(part, list) else part


@contextmanager
def pretended() -> Iterator[None]:
    with _Operations(), _Literals():
        yield


@contextmanager
def on(device: str) -> Iterator[None]:
    """For code that runs on one of DEVICES. Without TF32, to whose three digits CUDA would round convolutions."""
    before = torch.backends.cudnn.allow_tf32
    torch.backends.cudnn.allow_tf32 = False
    try:
        with pretended() if device == DEVICE else nullcontext():
            yield
    finally:
        torch.backends.cudnn.allow_tf32 = before


def _is_there(device: Any) -> bool:
    return device is not None and torch.device(device).type == DEVICE


def _run(func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """An operation on the CPU; what comes of it is on the pretended device if what went in was, or if it says so."""
    leaves = tree_leaves((args, kwargs))
    there, back = _is_there(kwargs.get("device")), "device" in kwargs and not _is_there(kwargs["device"])
    if not there and not any(isinstance(leaf, Elsewhere) for leaf in leaves):
        return func(*args, **kwargs)
    if func not in MOVES:
        _expect_one_device(func, args, leaves, there)
    plain_args, plain_kwargs = tree_map(_held, (args, {**kwargs, **({"device": "cpu"} if there else {})}))
    known = {id(_held(leaf)): leaf for leaf in leaves if isinstance(leaf, Tensor)}
    found = func(*plain_args, **plain_kwargs)
    if back and kwargs["device"] is not None:
        return found
    found = tree_map(lambda part: known.get(id(part), _there(part)), found)
    return return_and_correct_aliasing(func, args, kwargs, found)


def _held(value: Any) -> Any:
    return value.held if isinstance(value, Elsewhere) else value


def _there(value: Any) -> Any:
    return Elsewhere(value) if isinstance(value, Tensor) else value


def _expect_one_device(func: Any, args: Any, leaves: list[Any], there: bool) -> None:
    """As CUDA does: all on one device, but for indices, numbers without axes where they are taken one by one."""
    if func in INDEXED:
        leaves = [args[0], *args[2:]]
    strangers = [leaf for leaf in leaves if isinstance(leaf, Tensor) and not isinstance(leaf, Elsewhere)]
    if torch.Tag.pointwise in func.tags or func in SCALARS:
        strangers = [leaf for leaf in strangers if leaf.ndim]
        there = any(isinstance(leaf, Elsewhere) and leaf.ndim for leaf in leaves) or there or not strangers
    if strangers or any(isinstance(leaf, torch.Generator) for leaf in leaves):
        raise RuntimeError(f"{func}: expected all tensors, and the generator, to be on the same device")

"""One case of a layer: its arguments, and everything the reference has to say about it, computed once and kept."""

import copy
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray

from autograder.errors import UsageError
from autograder.judging.signature import gathered, spread
from autograder.model import Request
from reference.gradients import vjp

if TYPE_CHECKING:
    from autograder.judging.kinds import Kind
    from autograder.judging.layers import Layer

Arrays = dict[str, NDArray[np.float64]]

JITTER = 2.0**-30

CPU = torch.device("cpu")
_where = {"device": CPU}

torch.set_num_threads(1)  # cases are small; threads cost more than they bring, and processes share the cores


@dataclass(frozen=True, eq=False)
class Sizes:
    """What a strategy draws for a layer: the shape of each array, the options, and arguments that are plain values.

    Arrays called "params.w" and "params.b" make up one argument `params`, a dict with the keys w and b.
    `values` go by position like arrays: numbers, strings, lists, dicts, an `Rng`. Small, hashable, printable.
    `integers` are arrays of integers that matter one by one, such as the lengths of padded sequences.
    """

    arrays: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()  # options that are at their default, and not passed, so that defaults are seen too
    integers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        parts = self.arrays, self.options, self.values, self.integers
        return repr((*(sorted(part.items()) for part in parts), self.left_out))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sizes) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


class LayerCase:
    """Arguments for a layer, and the reference's answers.

    `case["x"]` is an array or an option. `expected` holds the outputs by name, `upstream` one gradient for each of
    them and `gradients` what the backward pass should return, by input; all float64.
    """

    def __init__(self, layer: "Layer", kind: "Kind", sizes: Sizes, seed: int) -> None:
        self.layer = layer
        self.kind = kind
        self.sizes = sizes
        self.options = dict(sizes.options)
        self._rng = np.random.default_rng(seed + 1)
        self.values = dict(sizes.values)
        self.arrays: Arrays = {
            name: _as_float(kind.data(self._rng, name, shape), kind.dtype) for name, shape in sizes.arrays.items()
        }
        self.arrays |= {name: np.array(entries) for name, entries in sizes.integers.items()}
        self.kept: dict[Any, Any] = {}  # what diagnosis works out about this case, for the next submission
        self._upstream_seed = int(self._rng.integers(2**63))

    def __getitem__(self, name: str) -> Any:
        return {**self.options, **self.values, **self.arrays}[name]

    def changed(self, **changes: Any) -> "LayerCase":
        """This case with some arrays or options replaced; the others stay the same."""
        case = copy.copy(self)
        for name in list(vars(case)):
            if isinstance(getattr(type(case), name, None), cached_property):
                del vars(case)[name]
        case.kept = {}
        case.arrays = {name: changes.get(name, value) for name, value in self.arrays.items()}
        case.options = {name: changes.get(name, value) for name, value in self.options.items()}
        case.values = {name: changes.get(name, value) for name, value in self.values.items()}
        return case

    @property
    def passed(self) -> dict[str, Any]:
        """The options that a call names; the others are at their defaults."""
        return {name: value for name, value in self.options.items() if name not in self.sizes.left_out}

    @cached_property
    def expected(self) -> Arrays:
        return self._forward(lambda array: array)

    @cached_property
    def upstream(self) -> Arrays:
        rng = np.random.default_rng(self._upstream_seed)
        shapes = {name: self.expected[name].shape for name in self.layer.differentiable}
        return {
            name: self.kind.upstream(rng, f"d{name}", shape).astype(self.kind.dtype) for name, shape in shapes.items()
        }

    @cached_property
    def gradients(self) -> Arrays:
        return self._backward(lambda array: array)

    @cached_property
    def magnitudes(self) -> Arrays:
        """The layer's outputs on absolute values: what rounding errors are measured against."""
        return self._forward(np.abs)

    @cached_property
    def counts(self) -> Arrays:
        """The layer's outputs on all-ones arrays: how many products each entry sums."""
        return self._forward(np.ones_like)

    @cached_property
    def gradient_magnitudes(self) -> Arrays:
        return self._backward(np.abs)

    @cached_property
    def gradient_counts(self) -> Arrays:
        return self._backward(np.ones_like)

    @cached_property
    def variables(self) -> dict[str, Any]:
        """Sizes by the name of their axis, and options by theirs."""
        found: dict[str, Any] = {**self.options, **self.values, **self.sizes.integers}
        for name, array in (*self.arrays.items(), *self.expected.items()):
            found.update(zip(self.layer.axes_of(name), np.shape(array), strict=False))
        return found

    @cached_property
    def response(self) -> Arrays:
        """How far relative jitters of the inputs move each output, per unit of jitter."""
        return self._response(self._forward, self.expected)

    @cached_property
    def gradient_response(self) -> Arrays:
        return self._response(self._backward, self.gradients)

    @cached_property
    def forward_request(self) -> Request:
        return self.forward_request_on(self.arrays)

    @cached_property
    def backward_request(self) -> Request:
        return self.backward_request_on(self.upstream)

    def forward_request_on(self, arrays: Mapping[str, Any]) -> Request:
        signature = self.layer.forward
        known = gathered({**self.values, **arrays})
        return Request(signature.function, tuple(known[name] for name in signature.parameters), self.passed)

    def backward_request_on(self, upstream: Mapping[str, Any], outputs: Mapping[str, Any] | None = None) -> Request:
        """A call of the backward pass; arguments bind by name: d<output>, an input, or what forward returned."""
        signature = self.layer.backward
        assert signature is not None
        outputs = self.expected if outputs is None else outputs
        taken = {f"d{name}": value for name, value in upstream.items()}
        known = gathered({**outputs, **self.values, **self.arrays, **taken})
        return Request(signature.function, tuple(known[name] for name in signature.parameters), self.passed)

    def _forward(self, change: Callable[[Any], Any]) -> Arrays:
        inputs = self._tensors(self.arrays, change)
        found = self.layer.oracle(**gathered(inputs), **self.values, **self.options)
        names = self.layer.forward.results
        parts = found if len(names) > 1 else (found,)
        return spread({name: _array(value) for name, value in zip(names, parts, strict=True)})

    def _backward(self, change: Callable[[Any], Any]) -> Arrays:
        inputs = self._tensors(self.arrays, change)
        upstream = self._tensors(self.upstream, change)
        taken = [upstream[name] for name in self.layer.differentiable]
        oracle = functools.partial(self._differentiable_outputs, list(inputs))
        gradients = vjp(oracle, inputs, self.layer.wrt, taken)
        return {name: _array(value) for name, value in gradients.items()}

    def _differentiable_outputs(self, names: list[str], *tensors: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """The oracle's outputs that take an upstream gradient, as a function of its arrays by position."""
        inputs = gathered(dict(zip(names, tensors, strict=True)))
        found = self.layer.oracle(**inputs, **self.values, **self.options)
        parts = found if isinstance(found, tuple) else (found,)
        pairs = zip(self.layer.forward.results, parts, strict=True)
        return tuple(part for name, part in pairs if name in self.layer.differentiable)

    def _response(self, run: Callable[[Callable[[Any], Any]], Arrays], values: Arrays) -> Arrays:
        rng = np.random.default_rng(0)
        moved = [run(lambda array: array * (1 + JITTER * rng.choice((-1, 1), array.shape))) for _ in range(4)]
        return {
            name: np.max([np.abs(other[name] - value) for other in moved], axis=0) / JITTER
            for name, value in values.items()
            if not isinstance(value, dict)
        }

    def _tensors(self, arrays: Arrays, change: Callable[[Any], Any]) -> dict[str, torch.Tensor]:
        return {name: _tensor(change(value) if value.dtype.kind == "f" else value) for name, value in arrays.items()}


def use_device(name: str) -> None:
    """Let the reference compute there from now on, in this process; `UsageError` if there is no such device.

    Submissions, drivers and wrong models stay on the CPU, and so does judging: scores are the same.

    Without cuDNN, which may convolve by a fast Fourier transform: the bounds are those of sums of products.
    """
    device = _device(name)
    _where["device"] = CPU if device.type == "cpu" else device
    torch.backends.cudnn.enabled = device.type == "cpu"


@functools.cache
def _device(name: str) -> torch.device:
    """The device of that name, once it has computed something: there may be no such number, or no driver for it."""
    try:
        device = torch.device(name)
        if device.type in ("cpu", "cuda"):
            torch.ones(1, dtype=torch.float64, device=device).add(1).cpu()
            return device
    except (RuntimeError, AssertionError):  # the latter is how a torch without CUDA says so
        pass
    raise UsageError(f"there is no device {name!r} here; leave out --device to compute on the CPU")


def _tensor(array: NDArray[Any]) -> torch.Tensor:
    """A tensor of float64, or of the integers or truth values that the array holds."""
    dtype = np.float64 if array.dtype.kind == "f" else array.dtype
    tensor = torch.from_numpy(np.require(array, dtype, "W"))
    return tensor if _where["device"] is CPU else tensor.to(_where["device"])


def _as_float(array: NDArray[Any], dtype: type[np.floating[Any]]) -> NDArray[Any]:
    """Numbers in the kind's dtype; labels and masks stay what they are."""
    return array.astype(dtype) if array.dtype.kind == "f" else array


def _array(value: Any) -> Any:
    """A tensor as an array of float64, in a dict too; the reference's plain values as they are."""
    if isinstance(value, dict):
        return {key: _array(part) for key, part in value.items()}
    if not isinstance(value, torch.Tensor):
        return value
    array = value.detach().cpu().numpy()
    return array.astype(np.float64) if array.dtype.kind == "f" else array

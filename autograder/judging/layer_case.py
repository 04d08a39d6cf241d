"""One case of a layer: its arguments, and everything the reference has to say about it, computed once and kept."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray

from autograder.model import Request
from reference.gradients import vjp

if TYPE_CHECKING:
    from autograder.judging.kinds import Kind
    from autograder.judging.layers import Layer

Arrays = dict[str, NDArray[np.float64]]

JITTER = 2.0**-30

torch.set_num_threads(1)  # cases are small; threads cost more than they bring, and processes share the cores


@dataclass(frozen=True, eq=False)
class Sizes:
    """What a strategy draws for a layer: the shape of each array, and the options. Small, hashable, printable."""

    arrays: Mapping[str, tuple[int, ...]]
    options: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        return repr((sorted(self.arrays.items()), sorted(self.options.items())))

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
        self.arrays: Arrays = {
            name: kind.data(self._rng, name, shape).astype(kind.dtype) for name, shape in sizes.arrays.items()
        }
        self.kept: dict[Any, Any] = {}  # what diagnosis works out about this case, for the next submission
        self._upstream_seed = int(self._rng.integers(2**63))

    def __getitem__(self, name: str) -> Any:
        return self.arrays[name] if name in self.arrays else self.options[name]

    def changed(self, **changes: Any) -> "LayerCase":
        """This case with some arrays or options replaced; the others stay the same."""
        case = copy.copy(self)
        for name in list(vars(case)):
            if isinstance(getattr(type(case), name, None), cached_property):
                del vars(case)[name]
        case.kept = {}
        case.arrays = {name: changes.get(name, value) for name, value in self.arrays.items()}
        case.options = {name: changes.get(name, value) for name, value in self.options.items()}
        return case

    @cached_property
    def expected(self) -> Arrays:
        return self._forward(lambda array: array)

    @cached_property
    def upstream(self) -> Arrays:
        rng = np.random.default_rng(self._upstream_seed)
        shapes = {name: value.shape for name, value in self.expected.items()}
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
        found: dict[str, Any] = dict(self.options)
        for name, array in (*self.arrays.items(), *self.expected.items()):
            found.update(zip(self.layer.axes_of(name), array.shape, strict=False))
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
        return Request(signature.function, tuple(arrays[name] for name in signature.parameters), self.options)

    def backward_request_on(self, upstream: Mapping[str, Any], outputs: Mapping[str, Any] | None = None) -> Request:
        """A call of the backward pass; arguments bind by name: d<output>, an input, or what forward returned."""
        signature = self.layer.backward
        assert signature is not None
        outputs = self.expected if outputs is None else outputs
        known = {**outputs, **self.arrays, **{f"d{name}": value for name, value in upstream.items()}}
        return Request(signature.function, tuple(known[name] for name in signature.parameters), self.options)

    def _forward(self, change: Callable[[Any], Any]) -> Arrays:
        inputs = self._tensors(self.arrays, change)
        values = self.layer.oracle(**inputs, **self.options)
        values = values if isinstance(values, tuple) else (values,)
        return {name: _array(value) for name, value in zip(self.layer.forward.results, values, strict=True)}

    def _backward(self, change: Callable[[Any], Any]) -> Arrays:
        inputs = self._tensors(self.arrays, change)
        upstream = self._tensors(self.upstream, change)
        taken = [upstream[name] for name in self.layer.differentiable]
        gradients = vjp(self.layer.oracle, inputs, self.layer.wrt, taken, **self.options)
        return {name: _array(value) for name, value in gradients.items()}

    def _response(self, run: Callable[[Callable[[Any], Any]], Arrays], values: Arrays) -> Arrays:
        rng = np.random.default_rng(0)
        moved = [run(lambda array: array * (1 + JITTER * rng.choice((-1, 1), array.shape))) for _ in range(4)]
        return {
            name: np.max([np.abs(other[name] - value) for other in moved], axis=0) / JITTER
            for name, value in values.items()
        }

    def _tensors(self, arrays: Arrays, change: Callable[[Any], Any]) -> dict[str, torch.Tensor]:
        return {name: torch.from_numpy(np.require(change(value), np.float64, "W")) for name, value in arrays.items()}


def _array(value: torch.Tensor) -> NDArray[np.float64]:
    return value.detach().cpu().numpy().astype(np.float64)

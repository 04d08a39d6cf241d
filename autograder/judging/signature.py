"""Signatures as students read them: `conv2d_backward(dout, x, w) -> dx, dw, db`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.model import Rng

_FORM = re.compile(r"(?P<function>\w+)\((?P<parameters>[\w, ]*)\) -> (?P<results>[\w, ]+)")


@dataclass(frozen=True, slots=True)
class Signature:
    """A function's name, its array parameters and its results, in order."""

    function: str
    parameters: tuple[str, ...]
    results: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "Signature":
        """Read `"f(x, w) -> out, state"`; ValueError if it is not of that form."""
        match = _FORM.fullmatch(text)
        if not match:
            raise ValueError(f"not a signature: {text!r}; write 'function(a, b) -> c, d'")
        return cls(match["function"], _names(match["parameters"]), _names(match["results"]))


def written_call(signature: Signature, options: Mapping[str, Any]) -> str:
    """The call as a person would write it: "conv2d_forward(x, w, b, stride=1, padding=0)"."""
    arguments = [*signature.parameters, *(f"{name}={_written(value)}" for name, value in options.items())]
    return f"{signature.function}({', '.join(arguments)})"


def _written(value: Any) -> str:
    return f"np.random.default_rng({value.seed})" if isinstance(value, Rng) else repr(value)


def gathered(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by the arguments that they belong to: those with a dot in their name are parts of a dict.

    >>> gathered({"x": 1, "params.w": 2, "params.b": 3})
    {'x': 1, 'params': {'w': 2, 'b': 3}}
    """
    found: dict[str, Any] = {}
    for name, value in values.items():
        argument, dot, key = name.partition(".")
        if dot:
            found.setdefault(argument, {})[key] = value
        else:
            found[argument] = value
    return found


def spread(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values, and the parts of those that are dicts by names of their own: the reverse of `gathered`.

    >>> spread({"loss": 1, "grads": {"w": 2}})
    {'loss': 1, 'grads': {'w': 2}, 'grads.w': 2}
    """
    dicts = {name: value for name, value in values.items() if isinstance(value, dict)}
    return {**values, **{f"{name}.{key}": part for name, value in dicts.items() for key, part in value.items()}}


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())

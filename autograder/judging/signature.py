"""Signatures as students read them: `conv2d_backward(dout, x, w) -> dx, dw, db`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
    arguments = [*signature.parameters, *(f"{name}={value!r}" for name, value in options.items())]
    return f"{signature.function}({', '.join(arguments)})"


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())

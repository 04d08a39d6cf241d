"""A failing call, written so that a person can paste it into Python, with what came back beside what should have."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.errors import Mismatch, StudentError
from autograder.judging.compare import distance
from autograder.judging.layer_case import LayerCase
from autograder.judging.signature import written_call
from autograder.model import Check, Counterexample, Rng, Unit

WHOLE = 48  # entries of an array that is shown whole
PASTED = 2_000  # entries of an array that is written out in the call
WINDOW = 8  # rows and columns shown of a larger one
HEAT = 32  # rows and columns of the heat map


def counterexample(unit: Unit, check: Check, case: Any, error: StudentError) -> Counterexample | None:
    """The failing call of `check` on `case`; None if there is nothing to paste."""
    if not isinstance(case, LayerCase):
        return None
    setup, call = _call(unit, check, case)
    if not isinstance(error, Mismatch) or error.got is None:
        return Counterexample(call=call, setup=setup)
    result, got, expected = _part(error)
    if not (isinstance(got, np.ndarray) and isinstance(expected, np.ndarray) and got.shape == expected.shape):
        return Counterexample(call, setup, result, _outline(got), _outline(expected))
    worst = _worst(got, expected)
    title, window = _slice(result, worst, expected.shape)
    heat_title, heat = _slice(result, worst, expected.shape, HEAT)
    return Counterexample(
        call=call,
        setup=setup,
        result=title,
        got=_written(got[window]),
        expected=_written(expected[window]),
        index=error.index,
        errors=_errors(got[heat], expected[heat]),
        errors_of=heat_title,
    )


def _part(error: Mismatch) -> tuple[str, Any, Any]:
    """What is wrong: the result, or of a dict the part that the message is about."""
    got, expected = error.got, error.expected
    if isinstance(got, dict) and isinstance(expected, dict):
        for key in got.keys() & expected.keys():
            if str(error).startswith(f"{error.result}[{key!r}]"):
                return f"{error.result}[{key!r}]", got[key], expected[key]
    return error.result, got, expected


def _call(unit: Unit, check: Check, case: LayerCase) -> tuple[str, str]:
    """The lines that make the arguments, and the call itself."""
    layer = case.layer
    backward = layer.backward is not None and check.functions[0] == layer.backward.function
    signature = layer.backward if backward and layer.backward else layer.forward
    request = case.backward_request if backward else case.forward_request
    tensors = "torch" in unit.allowed_packages
    lines = ["import numpy as np", "import torch"] if tensors else ["import numpy as np"]
    lines += _imports(unit, signature.function, layer.functions)
    pairs = zip(signature.parameters, request.arguments, strict=True)
    lines += [f"{name} = {_literal(value, tensors)}" for name, value in pairs]
    call = written_call(signature, request.options)
    return "\n".join(lines), call.replace("(", f"({unit.name}, ", 1) if layer.functions else call


def _imports(unit: Unit, function: str, driven: tuple[str, ...]) -> list[str]:
    """The student's function, or the driver's, which takes the student's file as its first argument."""
    if not driven:
        return [f"from {unit.name} import {function}", ""]
    driver = unit.driver.replace("/", ".")
    return [f"import {unit.name}", f"from autograder.drivers.{driver} import {function}", ""]


def _literal(array: Any, tensors: bool = False) -> str:
    if isinstance(array, Rng):
        return f"np.random.default_rng({array.seed})"
    if isinstance(array, dict):
        return f"{{{', '.join(f'{key!r}: {_literal(value, tensors)}' for key, value in array.items())}}}"
    if not isinstance(array, np.ndarray):
        return repr(array)
    if array.size == 0 or array.size > PASTED:
        zeros = f"torch.zeros({array.shape}, dtype=torch.{array.dtype})" if tensors else f"np.zeros({array.shape})"
        return zeros + ("" if array.size == 0 else "  # too large to write out")
    text = np.array2string(array, separator=",", threshold=array.size + 1, floatmode="unique", max_line_width=10**9)
    dtype = "" if array.dtype == np.float64 else f", dtype=np.{array.dtype}"
    if tensors:
        return f"torch.tensor({''.join(text.split())}, dtype=torch.{array.dtype})"
    return f"np.array({''.join(text.split())}{dtype})"


def _worst(got: NDArray[Any], expected: NDArray[Any]) -> tuple[int, ...]:
    """The entry that is furthest off; one that is not finite is further off than any."""
    off = distance(got, expected)
    off = np.where(np.isfinite(off), off, np.inf)
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(off)), off.shape))


def _slice(
    result: str, worst: tuple[int, ...], shape: tuple[int, ...], window: int = WINDOW
) -> tuple[str, tuple[Any, ...]]:
    """What to show of an array: all of it if it is small, else the rows and columns around the worst entry."""
    if int(np.prod(shape)) <= WHOLE and window == WINDOW:
        return result, ()
    leading, last = worst[:-2], worst[-2:]
    ranges = []
    for at, size in zip(last, shape[len(leading) :], strict=True):
        start = max(0, min(at - window // 2, size - window))
        ranges.append(slice(start, min(size, start + window)))
    named = [str(i) for i in leading] + [
        ":" if r.stop - r.start == size else f"{r.start}:{r.stop}"
        for r, size in zip(ranges, shape[len(leading) :], strict=True)
    ]
    title = f"{result}[{', '.join(named)}]" if named else result
    return title, (*leading, *ranges)


def _errors(got: NDArray[Any], expected: NDArray[Any]) -> list[list[float]]:
    """|got - expected| as rows, for a heat map; -1 where the answer is not finite."""
    off = np.atleast_2d(distance(got, expected))
    return [[float(f"{value:.3g}") for value in row] for row in np.where(np.isfinite(off), off, -1.0)]


def _written(array: NDArray[Any]) -> str:
    return np.array2string(
        array, separator=" ", precision=6, suppress_small=False, max_line_width=100, threshold=WHOLE + 20
    )


def _outline(value: Any) -> str:
    """An array by shape and dtype, with its entries if there are few; anything else by its repr."""
    if not isinstance(value, np.ndarray):
        return repr(value)[:200]
    text = f"shape {value.shape}, dtype {value.dtype}"
    return f"{text}\n{_written(value)}" if 0 < value.size <= WHOLE else text

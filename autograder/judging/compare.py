"""Whether an answer is right: shape, then dtype, then finite, then values.

Nothing is broadcast, and `diff <= bound` is what must hold (`diff > bound` would let NaN pass).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.errors import Mismatch

EXACT = 1 / 64  # for data on which right answers are integers; FFT and Winograd code is right to 3e-13

Bound = float | NDArray[np.float64]


def compare(result: str, got: Any, expected: NDArray[Any], bound: Bound, call: str = "") -> None:
    """Raise `Mismatch` unless array `got` has the shape of `expected` and is within `bound` of it everywhere."""
    where = f"  [{call}]" if call else ""
    expect_array(result, got, expected, where)
    if not np.isfinite(got).all():
        raise _not_finite(result, got, expected, where)
    wrong = ~(np.abs(got - expected) <= bound)
    if wrong.any():
        raise _wrong_values(result, got, expected, wrong, where)


def expect_array(result: str, got: Any, expected: NDArray[Any], where: str = "") -> None:
    """Raise `Mismatch` unless `got` is a floating-point array (or a scalar, for 0-d) shaped like `expected`."""
    if not isinstance(got, np.ndarray):
        if isinstance(got, float) and expected.ndim == 0:
            return
        wanted = f"an array of shape {expected.shape}"
        raise Mismatch(
            f"{result} is {describe(got)}, but should be {wanted}{where}",
            kind="type", result=result, got=got, expected=expected,
        )  # fmt: skip
    details: dict[str, Any] = {"result": result, "got": got, "expected": expected}
    if got.shape != expected.shape:
        text = f"{result}.shape={got.shape}, but should be {expected.shape}{where}"
        raise Mismatch(text, kind="shape", **details)
    if got.dtype.kind != "f":
        text = f"{result}.dtype={got.dtype}, but should be {expected.dtype}{where}"
        raise Mismatch(text, kind="dtype", **details)


def describe(value: Any) -> str:
    """A value that is not what it should be, in a few words: "None (no return statement?)", "a tuple of 2"."""
    match value:
        case None:
            return "None (is a `return` missing?)"
        case tuple() | list():
            return f"a {type(value).__name__} of {len(value)}"
        case np.ndarray():
            return f"an array of shape {value.shape}"
        case bool() | int() | float():
            return f"the number {value!r}"
        case str() | dict():
            return f"a {type(value).__name__}"
    name = str(getattr(value, "type_name", type(value).__name__))
    return "a coroutine (`async def`?)" if name == "coroutine" else f"a {name}"


def first(mask: NDArray[np.bool_]) -> tuple[int, ...]:
    """The index of the first true entry, in C order."""
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape))


def entry(result: str, index: tuple[int, ...]) -> str:
    """How a reader would write that entry: "dx[0, 1, 2]"."""
    return f"{result}[{', '.join(map(str, index))}]" if index else result


def _not_finite(result: str, got: NDArray[Any], expected: NDArray[Any], where: str) -> Mismatch:
    wrong = ~np.isfinite(got)
    index = first(np.asarray(wrong))
    text = (
        f"{entry(result, index)} is {np.asarray(got)[index]}, but should be {expected[index]:.6g} "
        f"({share(wrong)} not finite){where}"
    )
    return Mismatch(text, kind="not finite", result=result, got=got, expected=expected, index=index)


def _wrong_values(
    result: str, got: NDArray[Any], expected: NDArray[Any], wrong: NDArray[np.bool_], where: str
) -> Mismatch:
    index = first(wrong)
    ours, theirs = _tell_apart(float(np.asarray(got)[index]), float(expected[index]))
    text = f"{entry(result, index)} is {ours}, but should be {theirs} ({share(wrong)} wrong){where}"
    return Mismatch(text, kind="values", result=result, got=got, expected=expected, index=index)


def share(wrong: NDArray[np.bool_]) -> str:
    """ "3 of 12 entries are", or "the only entry is"."""
    count, total = int(np.count_nonzero(wrong)), wrong.size
    if total == 1:
        return "the only entry is"
    return f"{count} of {total} entries {'is' if count == 1 else 'are'}"


def _tell_apart(ours: float, theirs: float) -> tuple[str, str]:
    """Both numbers with as many digits as it takes to see that they differ."""
    for digits in (6, 9, 12, 17):
        pair = f"{ours:.{digits}g}", f"{theirs:.{digits}g}"
        if pair[0] != pair[1]:
            return pair
    return pair

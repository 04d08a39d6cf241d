"""Whether an answer is right: shape, then dtype, then finite, then values.

Nothing is broadcast, and `diff <= bound` is what must hold (`diff > bound` would let NaN pass).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.errors import Mismatch

EXACT = 1 / 64  # for data on which right answers are integers; FFT and Winograd code is right to 3e-13

MOST_NAMES, MOST_LETTERS = 30, 60  # of the keys of a dict in a message
Bound = float | NDArray[np.float64] | Mapping[str, float]  # a mapping: for the parts of a dict


def compare(result: str, got: Any, expected: Any, bound: Bound, call: str = "") -> None:
    """Raise `Mismatch` unless array `got` has the shape of `expected` and is within `bound` of it everywhere.

    Where a plain value is expected, integers, texts and truth values must be equal, floats within `bound`, and lists,
    tuples and dicts alike in each of their parts.
    """
    where = f"  [{call}]" if call else ""
    if not isinstance(expected, np.ndarray):
        _compare_plain(result, _unwrapped(got), expected, bound, where)
        return
    expect_array(result, got, expected, where)
    if not np.isfinite(got).all():
        raise _not_finite(result, got, expected, where)
    assert not isinstance(bound, Mapping), "bounds by part are for dicts"
    wrong = ~(distance(got, expected) <= bound)
    if wrong.any():
        raise _wrong_values(result, got, expected, wrong, where)


def distance(one: NDArray[Any], other: NDArray[Any]) -> Any:
    """How far apart two arrays are, entry by entry, of whatever dtype: truth values have no difference of their own."""
    found: NDArray[np.float64] = np.abs(np.subtract(one, other, dtype=np.result_type(one, other, np.float64)))
    return found


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
    if got.dtype.kind != "f" and not _serves(got, expected):
        text = f"{result}.dtype={got.dtype}, but should be {expected.dtype}{where}"
        raise Mismatch(text, kind="dtype", **details)


def _serves(got: NDArray[Any], expected: NDArray[Any]) -> bool:
    """Whether a dtype that is not floating will do: where integers or truth values are expected, both are fine."""
    return expected.dtype.kind in "iub" and got.dtype.kind in "iub"


def _compare_plain(result: str, got: Any, expected: Any, bound: Bound, where: str) -> None:
    """As `compare`, for a value that is not an array. What is wrong in a part of it is wrong of the whole."""
    try:
        _compare_value(result, got, expected, bound, where)
    except Mismatch as error:
        raise Mismatch(str(error), kind=error.kind, result=result, got=got, expected=expected) from None


def _unwrapped(value: Any) -> Any:
    """NumPy's scalars as Python's: they serve as well where a plain value is expected."""
    if isinstance(value, list | tuple):
        return tuple(map(_unwrapped, value)) if isinstance(value, tuple) else [*map(_unwrapped, value)]
    return value.item() if isinstance(value, np.ndarray | np.generic) and value.ndim == 0 else value


def _compare_value(result: str, got: Any, expected: Any, bound: Bound, where: str) -> None:
    details: dict[str, Any] = {"result": result, "got": got, "expected": expected}
    if isinstance(expected, dict):
        _same_keys(result, got, expected, where)
        for key in expected:
            within = bound[key] if isinstance(bound, Mapping) else bound
            compare(f"{result}[{key!r}]", got[key], expected[key], within, where.strip(" []"))
    elif isinstance(expected, list | tuple):
        if not isinstance(got, list | tuple) or len(got) != len(expected):
            text = f"{result} is {describe(got)}, but should be {describe(expected)}{where}"
            raise Mismatch(text, kind="type", **details)
        for index, (ours, theirs) in enumerate(zip(got, expected, strict=True)):
            compare(f"{result}[{index}]", ours, theirs, bound, where.strip(" []"))
    elif isinstance(got, np.ndarray) or not _alike(got, expected):
        text = f"{result} is {describe(got)}, but should be {describe(expected)}{where}"
        raise Mismatch(text, kind="type", **details)
    elif not (abs(got - expected) <= bound if isinstance(expected, float) else got == expected):
        raise Mismatch(f"{result} is {got!r}, but should be {expected!r}{where}", kind="values", **details)


def _alike(got: Any, expected: Any) -> bool:
    """Whether a plain value is of the sort that is expected: an integer may stand for a float, not the reverse."""
    if isinstance(expected, float):
        return isinstance(got, int | float) and not isinstance(got, bool)
    return type(got) is type(expected)


def _same_keys(result: str, got: Any, expected: dict[Any, Any], where: str) -> None:
    if not isinstance(got, dict):
        raise Mismatch(f"{result} is {describe(got)}, but should be a dict{where}", kind="type", result=result, got=got)
    if set(got) != set(expected):
        text = f"{result} has the keys {_names(got)}, but should have {sorted(map(str, expected))}{where}"
        raise Mismatch(text, kind="shape", result=result, got=got)


def _names(got: dict[Any, Any]) -> str:
    """The keys of an answer, as far as there is room for them: there may be any number, of any length."""
    names = sorted(str(key)[:MOST_LETTERS] for key in got)
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f"{names[:MOST_NAMES]}{more}"


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

"""When does it fail? The shortest condition on a case that separates failing cases from passing ones."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging.layer_case import LayerCase

Mask = NDArray[np.bool_]
FEWEST = 2  # failing and passing cases that a condition needs behind it


def conditions(case: LayerCase) -> dict[str, bool]:
    """Everything worth saying about a case, simplest first; every case of a layer has the same entries."""
    found: dict[str, bool] = {}
    for name, value in case.options.items():
        found.update(_option(name, value))
    sizes = case.variables
    for name, predicate in case.layer.conditions.items():
        found[name] = bool(predicate(sizes))
    for name in sizes:
        if name.isidentifier() and name not in case.options:
            found.update(_size(name, sizes[name]))
    found.update(_pairs(sizes))
    for kind, text in KINDS.items():
        found[text] = case.kind.name == kind
    return found


KINDS = {
    "saturated": "units saturate",
    "negative": "all inputs are below zero",
    "ties": "a window has several maxima",
    "precise": "float64 precision is asked for",
    "smooth precise": "float64 precision is asked for",
    "reals": "the numbers are not integers",
}


def _option(name: str, value: Any) -> Iterator[tuple[str, bool]]:
    yield f"{name} is None", value is None
    if isinstance(value, bool):
        yield f"{name} is True", value
        yield f"{name} is False", not value
        return
    number = value if isinstance(value, int) else None
    yield f"{name} = 0", number == 0
    yield f"{name} > 0", number is not None and number > 0
    yield f"{name} = 1", number == 1
    yield f"{name} > 1", number is not None and number > 1
    yield f"{name} is not 1", number != 1
    yield f"{name} is not None", value is not None


def _size(name: str, value: int) -> Iterator[tuple[str, bool]]:
    yield f"{name} > 1", value > 1
    yield f"{name} = 1", value == 1
    yield f"{name} > 2", value > 2


def _pairs(sizes: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    for one, other in (("H", "W"), ("KH", "KW"), ("D", "H"), ("N", "T"), ("H'", "W'")):
        if one in sizes and other in sizes:
            yield f"{one} ≠ {other}", sizes[one] != sizes[other]
            yield f"{one} = {other}", sizes[one] == sizes[other]
            yield f"{one} > {other}", sizes[one] > sizes[other]
            yield f"{one} < {other}", sizes[one] < sizes[other]


def holds(names: Sequence[str], case: LayerCase) -> bool:
    """Whether all of the conditions hold for a case."""
    found = conditions(case)
    return all(found.get(name, False) for name in names)


def separating(failing: Sequence[LayerCase], passing: Sequence[LayerCase]) -> tuple[str, ...]:
    """The one or two conditions that hold, together, for all of `failing` and none of `passing`; () if none do."""
    if len(failing) < FEWEST or len(passing) < FEWEST:
        return ()
    rows = [conditions(case) for case in (*failing, *passing)]
    names = [name for name in rows[0] if all(name in row for row in rows)]
    table = {name: np.array([row[name] for row in rows]) for name in names}
    wanted = np.arange(len(rows)) < len(failing)
    for name, mask in table.items():
        if (mask == wanted).all():
            return (name,)
    return _pair(table, wanted)


def _pair(table: Mapping[str, Mask], wanted: Mask) -> tuple[str, ...]:
    """Two conditions that hold together exactly where it fails."""
    needed = [(name, mask) for name, mask in table.items() if mask[wanted].all() and not mask.all()]
    for (one, first), (other, second) in combinations(needed, 2):
        if ((first & second) == wanted).all():
            return (one, other)
    return ()

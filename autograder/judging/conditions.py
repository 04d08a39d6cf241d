"""When does it fail? The shortest condition on a case that separates failing cases from passing ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging.layer_case import LayerCase

Mask = NDArray[np.bool_]
LUCK = 0.2  # share of the cases that fulfil a condition in which a wrong answer may be right by chance
FEWEST = 2  # failing and passing cases that a condition needs behind it


def conditions(case: LayerCase) -> dict[str, bool]:
    """Everything worth saying about a case, simplest first; every case of a layer has the same entries."""
    if "conditions" not in case.kept:
        case.kept["conditions"] = _conditions(case)
    return case.kept["conditions"]  # type: ignore[no-any-return]


def _conditions(case: LayerCase) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for name, value in case.options.items():
        found.update(_option(name, value))
    sizes = case.variables
    for name, predicate in case.layer.conditions.items():
        found[name] = bool(predicate(sizes))
    for name in sizes:
        if name.isidentifier() and name not in case.options and isinstance(sizes[name], int | float):
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


@dataclass(frozen=True, slots=True)
class Condition:
    """One or two conditions that hold together; `exact` if it fails exactly then, not only then."""

    names: tuple[str, ...]
    exact: bool = True

    def holds(self, case: LayerCase) -> bool:
        found = conditions(case)
        return all(found.get(name, False) for name in self.names)

    def fails_on(self, case: LayerCase) -> bool:
        return not self.holds(case)

    def __str__(self) -> str:
        return f"{'exactly' if self.exact else 'only'} when {' and '.join(self.names)}"


def separating(failing: Sequence[LayerCase], passing: Sequence[LayerCase]) -> Condition | None:
    """The shortest condition that holds for all of `failing` and none of `passing`.

    If there is none, one that holds wherever it fails and hardly anywhere else: a wrong answer may be right by luck.
    """
    if len(failing) < FEWEST or len(passing) < FEWEST:
        return None
    rows = [conditions(case) for case in (*failing, *passing)]
    names = [name for name in rows[0] if all(name in row for row in rows)]
    table = {name: np.array([row[name] for row in rows]) for name in names}
    wanted = np.arange(len(rows)) < len(failing)
    needed = {name: mask for name, mask in table.items() if mask[wanted].all() and not mask.all()}
    return _exact(needed, wanted) or _needed(needed, wanted)


def _exact(needed: Mapping[str, Mask], wanted: Mask) -> Condition | None:
    """One condition, or two together, that hold exactly where it fails."""
    for name, mask in needed.items():
        if (mask == wanted).all():
            return Condition((name,))
    for (one, first), (other, second) in combinations(needed.items(), 2):
        if ((first & second) == wanted).all():
            return Condition((one, other))
    return None


def _needed(needed: Mapping[str, Mask], wanted: Mask) -> Condition | None:
    """The condition with the fewest lucky answers, if those are few."""
    if not needed:
        return None
    name, mask = min(needed.items(), key=lambda item: int(item[1].sum()))
    return Condition((name,), exact=False) if (1 - LUCK) * mask.sum() <= wanted.sum() else None

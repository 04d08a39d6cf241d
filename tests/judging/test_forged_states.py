"""A submission answers for itself what became of a model: echoing what went in must not pass for frozen, or trained."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from students import cases_of

from autograder.course import COURSE, load
from autograder.judging.judge import attempt
from autograder.judging.layer_case import LayerCase
from autograder.model import Check, Request

DRIVEN = [entry.path for entry in COURSE if load(entry.path).driver and entry.assignment == "vision"]


class Forger:
    """Knows every flag, name and shape that is right, and makes up the numbers."""

    spoiled = False

    def __init__(self, case: LayerCase, forge: Callable[[str, Any, LayerCase], Any]) -> None:
        [result] = case.layer.forward.results if len(case.layer.forward.results) == 1 else [""]
        self.answer = _forged(case.expected[result] if result else tuple(case.expected.values()), case, forge)

    def ask(self, request: Request) -> Any:
        return self.answer

    call = ask

    def expect(self, requests: Sequence[Request]) -> None:
        pass


def _forged(value: Any, case: LayerCase, forge: Callable[[str, Any, LayerCase], Any]) -> Any:
    if isinstance(value, dict):
        return {key: forge(key, part, case) if isinstance(part, np.ndarray) else part for key, part in value.items()}
    if isinstance(value, tuple):
        return tuple(_forged(part, case, forge) for part in value)
    return forge("", value, case) if isinstance(value, np.ndarray) else value


def echoed(name: str, value: Any, case: LayerCase) -> Any:
    """What came in under that name, or at least in that shape."""
    own = [array for key, array in case.arrays.items() if key.endswith(f".{name}") or key == name]
    alike = [array for array in (*own, *case.arrays.values()) if array.shape == value.shape]
    return alike[0] if alike else np.zeros_like(value)


def nudged(name: str, value: Any, case: LayerCase) -> Any:
    """Right, but what was left alone is moved by one bit."""
    left_alone = any(np.array_equal(value, array) for array in case.arrays.values())
    return np.nextafter(value, np.inf) if left_alone and value.dtype.kind == "f" else value


def right(name: str, value: Any, case: LayerCase) -> Any:
    return value


def driven_checks(path: str) -> list[tuple[Check, list[LayerCase]]]:
    checks = [check for check in load(path).checks if check.given and check.points]
    pairs = [(check, [case for case in cases_of(load(path), check) if isinstance(case, LayerCase)]) for check in checks]
    return [(check, cases) for check, cases in pairs if cases and cases[0].layer.functions]


def changed(case: LayerCase, forge: Callable[[str, Any, LayerCase], Any]) -> bool:
    """Whether a forged answer is another than the right one."""
    honest, other = (_arrays(Forger(case, kind).answer) for kind in (right, forge))
    return not all(map(np.array_equal, honest, other))


def _arrays(value: Any) -> list[Any]:
    if isinstance(value, dict | tuple):
        return [array for part in (value.values() if isinstance(value, dict) else value) for array in _arrays(part)]
    return [value] if isinstance(value, np.ndarray) else []


@pytest.mark.parametrize("path", DRIVEN)
def test_echoing_what_went_in_does_not_pass(path: str) -> None:
    found = driven_checks(path)
    assert found
    for check, cases in found:
        assert all(attempt(check, Forger(case, right), case) is None for case in cases), check.name
        forged = [case for case in cases if changed(case, echoed)]
        assert all(attempt(check, Forger(case, echoed), case) for case in forged), check.name
        assert forged or path != "vision/transfer" or check.name == "unfreeze_last.none", check.name


def test_what_is_frozen_is_frozen_bit_for_bit() -> None:
    names = {"freeze.block", "keep_frozen_bn_eval.training", "unfreeze_last.blocks", "fine_tune.warm-up"}
    checks = [(check, cases) for check, cases in driven_checks("vision/transfer") if check.name in names]
    assert len(checks) == len(names)
    for check, cases in checks:
        forged = [case for case in cases if changed(case, nudged)]
        assert forged
        assert all(attempt(check, Forger(case, nudged), case) for case in forged), check.name

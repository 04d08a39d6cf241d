"""Checks of training that look at what the order of the data does: made-up losses and weights do not pass them."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from students import LocalStudent, fails, solution

from autograder.course import load

language, strips = solution("recurrence/language"), solution("recurrence/digit_strips")
train, train_reader = language["train_language_id"], strips["train_reader"]
ORDER = "train_language_id.takes-its-order-from-rng"
SEED = "train_reader.depends-on-the-seed-alone"


def honest(*given: Any, **how: Any) -> Any:
    return train(*given, **how)


def made_up(*given: Any, epochs: int, rng: Any, **how: Any) -> Any:
    return [rng.random() for _ in range(epochs)]


def trained_but_made_up(*given: Any, **how: Any) -> Any:
    train(*given, **how)
    return [how["rng"].random() for _ in range(how["epochs"])]


def noise(scanner: Any, encoder: Any, *given: Any, rng: Any, **how: Any) -> Any:
    with torch.no_grad():
        for parameter in (*scanner.parameters(), *encoder.parameters()):
            parameter += rng.random()
    return made_up(rng=rng, **how)


def parameters_only(*given: Any, **how: Any) -> Any:
    """Losses that say nothing of the order, but training that follows it."""
    train(*given, **how)
    return [1.0] * how["epochs"]


def failed(path: str, functions: dict[str, Any], name: str) -> bool:
    unit = load(path)
    [check] = [check for check in unit.checks if check.name == name]
    return fails(unit, check, LocalStudent(functions, unit))


@pytest.mark.parametrize("function", [made_up, trained_but_made_up, noise])
def test_losses_that_are_made_up_are_found_out(function: Callable[..., Any]) -> None:
    assert failed("recurrence/language", {**language, "train_language_id": function}, ORDER)


@pytest.mark.parametrize("function", [honest, parameters_only])
def test_only_the_order_is_judged(function: Callable[..., Any]) -> None:
    assert not failed("recurrence/language", {**language, "train_language_id": function}, ORDER)


def drawn(model: Any, *given: Any, seed: int, **how: Any) -> None:
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.train().parameters():
            parameter.normal_(generator=generator)


def test_weights_that_are_drawn_are_found_out() -> None:
    assert failed("recurrence/digit_strips", {**strips, "train_reader": drawn}, SEED)
    assert not failed("recurrence/digit_strips", {**strips, "train_reader": train_reader}, SEED)

"""Replies that a submission makes up, in the units where a driver hands it a model, earn nothing."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from students import failing_checks, solution, without_experiments

from autograder.course import load


def lost(path: str, **forged: Callable[..., Any]) -> set[str]:
    return {check.name for check in failing_checks(without_experiments(load(path)), solution(path) | forged)}


@pytest.mark.parametrize("forged", [lambda *_: {}, lambda model, x, names: dict.fromkeys(names, x)], ids=["none", "x"])
def test_activations_of_nobody_who_looked(forged: Callable[..., Any]) -> None:
    """Who sets no hook leaves none behind, and no mode changed: that alone is worth nothing."""
    names = {"get_activations.outputs", "get_activations.traces", "get_activations.restored"}
    assert lost("vision/inspection", get_activations=forged) == names


def test_a_network_with_the_right_layers_that_it_does_not_use() -> None:
    """The right parameters, whose start can be read off the stub, are worth what is given for them, and no more."""
    right = solution("vision/segmentation")["FCN"]

    class Idle(right):  # type: ignore[misc, valid-type]
        def forward(self, x: Any) -> Any:
            unused = sum(0 * value.sum() for value in self.parameters())
            return torch.zeros(len(x), self.score_fine.out_channels, *x.shape[2:], dtype=x.dtype) + unused

    assert lost("vision/segmentation", FCN=Idle) == {"FCN.images", "FCN.odd-images", "FCN.trained"}


def test_losses_that_are_numbers_only() -> None:
    """The right value, cut off from what it was computed of, trains nothing."""
    right = solution("vision/detection")["localisation_loss"]
    found = lost("vision/detection", localisation_loss=lambda *given, **options: right(*given, **options).item())
    assert found == {"localisation_loss.dlogits.gradient", "localisation_loss.dboxes.gradient"}

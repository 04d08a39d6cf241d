"""The solutions of vision in PyTorch keep the dtype and the device of what they are given."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from pretended import DEVICES, on
from students import cases_of, solution
from torch import Tensor

from autograder.course import load
from autograder.judging.layer_case import LayerCase

PATHS = ("vision/detection", "vision/inspection", "vision/segmentation")


def calls(path: str) -> Iterator[tuple[str, LayerCase]]:
    """A case of each check whose function is one of the solution's, not of the driver."""
    for check in load(path).checks:
        case = cases_of(load(path), check)[0]
        if isinstance(case, LayerCase) and not case.layer.functions:
            yield case.layer.forward.function, case


def tensors(value: Any, device: str) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    return torch.tensor(value, dtype=torch.float32 if value.dtype.kind == "f" else None, device=device)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("path", PATHS)
def test_results_have_the_dtype_and_the_device_of_the_arguments(path: str, device: str) -> None:
    functions, seen = solution(path), set()
    for function, case in calls(path):
        request = case.forward_request
        rights = case.expected.values()
        with on(device):
            found = functions[function](*(tensors(value, device) for value in request.arguments), **request.options)
            for one, right in zip(found if isinstance(found, tuple) else (found,), rights, strict=True):
                assert isinstance(one, Tensor)
                dtype = torch.float32 if right.dtype.kind == "f" else torch.int64
                assert (one.device.type, one.dtype) == (device, dtype)
                np.testing.assert_allclose(one.cpu(), right, rtol=1e-4, atol=1e-4)
        seen.add(function)
    assert len(seen) == {"vision/detection": 5, "vision/inspection": 3, "vision/segmentation": 1}[path]


@pytest.mark.parametrize("device", DEVICES)
def test_networks_run_where_they_are(device: str) -> None:
    """A segmentation of half a picture, and what its layers saw."""
    with on(device):
        net = solution("vision/segmentation")["FCN"](1, 3, 4).to(device)
        image = torch.zeros(2, 1, 9, 6, device=device)
        assert net(image).device.type == device
        seen = solution("vision/inspection")["get_activations"](net, image, ["score_fine", "conv1"])
        assert {name: (one.device.type, one.shape[1]) for name, one in seen.items()} == {
            "score_fine": (device, 3), "conv1": (device, 4),
        }  # fmt: skip

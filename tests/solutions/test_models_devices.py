"""What vision's solutions make of models stays in the dtype and on the device that the models are in."""

import copy
from typing import Any

import numpy as np
import pytest
import torch
from students import solution
from torch import nn

CUDA = pytest.param(
    "cuda", marks=[pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")]
)


def chain(device: str) -> nn.Sequential:
    model = nn.Sequential()
    for name, layer in {
        "conv": nn.Conv2d(1, 3, 3), "bn": nn.BatchNorm2d(3), "flatten": nn.Flatten(), "head": nn.Linear(12, 2),
    }.items():  # fmt: skip
        model.add_module(name, layer)
    return model.to(device, torch.float32)


@pytest.mark.parametrize("device", ["cpu", CUDA])
def test_models_keep_their_dtype_and_device(device: str) -> None:
    transfer, adversarial = solution("vision/transfer"), solution("vision/adversarial")
    x, y = torch.rand(5, 1, 4, 4, device=device), torch.tensor([0, 1, 0, 1, 1], device=device)
    model = transfer["replace_head"](chain(device), "head", 2)
    how: dict[str, Any] = {"warmup_epochs": 1, "epochs": 1, "lr_body": 0.01, "lr_head": 0.1}
    tuned = transfer["fine_tune"](copy.deepcopy(model), x, y, **how, rng=np.random.default_rng(0))
    features = transfer["extract_features"](transfer["truncate"](tuned, "head"), x, batch_size=2)
    attacked = adversarial["fgsm"](tuned, x, y, eps=0.1)
    optimiser = torch.optim.SGD(tuned.parameters(), lr=0.1)
    assert isinstance(adversarial["adversarial_training_step"](tuned, optimiser, x, y, 0.1), float)
    for tensor in (*model.parameters(), *tuned.parameters(), features, attacked):
        assert (tensor.dtype, tensor.device.type) == (torch.float32, device)

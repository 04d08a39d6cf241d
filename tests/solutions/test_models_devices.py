"""What solutions make of models stays in the dtype and on the device that the models are in."""

import copy
from typing import Any

import numpy as np
import pytest
import torch
from pretended import DEVICES, on
from students import solution
from torch import nn


def chain(device: str) -> nn.Sequential:
    model = nn.Sequential()
    for name, layer in {
        "conv": nn.Conv2d(1, 3, 3), "bn": nn.BatchNorm2d(3), "flatten": nn.Flatten(), "head": nn.Linear(12, 2),
    }.items():  # fmt: skip
        model.add_module(name, layer)
    return model.to(device, torch.float32)


@pytest.mark.parametrize("device", DEVICES)
def test_models_keep_their_dtype_and_device(device: str) -> None:
    transfer, adversarial = solution("vision/transfer"), solution("vision/adversarial")
    how: dict[str, Any] = {"warmup_epochs": 1, "epochs": 1, "lr_body": 0.01, "lr_head": 0.1}
    with on(device):
        x, y = torch.rand(5, 1, 4, 4, device=device), torch.tensor([0, 1, 0, 1, 1], device=device)
        model = transfer["replace_head"](chain(device), "head", 2)
        tuned = transfer["fine_tune"](copy.deepcopy(model), x, y, **how, rng=np.random.default_rng(0))
        features = transfer["extract_features"](transfer["truncate"](tuned, "head"), x, batch_size=2)
        weights = transfer["class_weights"](torch.tensor([3, 1], device=device))
        same = torch.tensor([True, False], device=device)
        assert transfer["best_threshold"](torch.tensor([0.5, 0.25], device=device), same) == 0.5
        attacked = adversarial["fgsm"](tuned, x, y, eps=0.1)
        optimiser = torch.optim.SGD(tuned.parameters(), lr=0.1)
        assert isinstance(adversarial["adversarial_training_step"](tuned, optimiser, x, y, 0.1), float)
    for tensor in (*model.parameters(), *tuned.parameters(), features, attacked):
        assert (tensor.dtype, tensor.device.type) == (torch.float32, device)
    assert weights.device.type == device


@pytest.mark.parametrize("device", DEVICES)
def test_sequences_are_read_and_learnt_where_they_are(device: str) -> None:
    """By the scanner and the encoder of recurrence/language, and by the reader of digit strips."""
    language, strips = solution("recurrence/language"), solution("recurrence/digit_strips")
    ids, lengths = language["encode_batch"](["ja", "nein", "a"], {"a": 2, "j": 3, "n": 4})
    with on(device):
        scanner, encoder = language["Scanner"](5, 2, 3).to(device), language["Encoder"](3, 2).to(device)
        data = ids.to(device), lengths.to(device), torch.tensor([0, 1, 0]).to(device)
        how: dict[str, Any] = {"epochs": 2, "batch_size": 2, "lr": 0.01, "rng": np.random.default_rng(0)}
        losses = language["train_language_id"](scanner, encoder, *data, **how)
        logits = encoder(scanner(*data[:2]))

        reader = strips["build_reader"](4).to(device)
        images, labels = torch.rand(2, 1, 10, 30).to(device), torch.tensor([[1, 2, 3], [0, 0, 1]]).to(device)
        strips["train_reader"](reader, images, labels, epochs=2, lr=0.01, seed=0)
        texts = strips["read_strips"](reader, images)
    assert [type(loss) for loss in losses] == [float, float]
    assert [len(text) for text in texts] == [3, 3]
    for tensor in (logits, *scanner.parameters(), *encoder.parameters(), *reader.parameters()):
        assert (tensor.dtype, tensor.device.type) == (torch.float32, device)

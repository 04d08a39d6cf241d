"""Trained weights from files of both kinds, and what is said of files that are none."""

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from reference.weights import WeightsError, load_into, load_weights


def network(classes: int = 3) -> nn.Sequential:
    model = nn.Sequential()
    model.add_module("conv", nn.Conv2d(1, 2, 3))
    model.add_module("bn", nn.BatchNorm2d(2))
    model.add_module("fc", nn.Linear(2, classes))
    return model


def equal(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_both_kinds_of_files_are_read(tmp_path: Path) -> None:
    state = network().state_dict()
    saved = {
        "hub.pth": state,
        "checkpoint.pt": {"epoch": 3, "state_dict": state, "optimizer": {"lr": 0.1}},
        "parallel.pth": {f"module.{name}": value for name, value in state.items()},
    }
    for name, content in saved.items():
        torch.save(content, tmp_path / name)
    save_file(state, tmp_path / "hub.safetensors")
    for name in (*saved, "hub.safetensors"):
        assert equal(load_weights(tmp_path / name), state), name
        assert equal(load_into(network(), tmp_path / name).state_dict(), state), name


def test_a_head_may_be_left_out_and_old_files_have_no_counters(tmp_path: Path) -> None:
    state = {name: value for name, value in network(1000).state_dict().items() if "num_batches" not in name}
    torch.save(state, tmp_path / "hub.pth")
    model = load_into(network(5), tmp_path / "hub.pth", leave_out=("fc.",))
    assert torch.equal(model.conv.weight, state["conv.weight"])
    assert model.fc.out_features == 5
    for model, words in (
        (network(5), r"fc.weight is of shape \(1000, 2\), but the model's is \(5, 2\)"),
        (network(1000)[:2], "has, and the model has not, fc.bias, fc.weight"),
        (network(1000).append(nn.Linear(2, 2)), "lacks 3.bias, 3.weight"),
    ):
        with pytest.raises(WeightsError, match=words):
            load_into(model, tmp_path / "hub.pth")


class Code:
    def __reduce__(self) -> Any:
        return (print, ("executed",))


def test_what_is_no_file_of_weights_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch.save(network().state_dict(), tmp_path / "whole.pth")
    whole = (tmp_path / "whole.pth").read_bytes()
    (tmp_path / "cut.pth").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.pth").write_text("<html>404</html>")
    (tmp_path / "empty.pth").write_bytes(b"")
    (tmp_path / "cut.safetensors").write_bytes(b"\x08\x00")
    torch.save([1, 2], tmp_path / "list.pth")
    torch.save({}, tmp_path / "nothing.pth")
    torch.save({"w": Code()}, tmp_path / "code.pth")
    for name, words in {
        "absent.pth": "there is no file",
        "cut.pth": "truncated",
        "text.pth": "no file of weights|truncated",
        "empty.pth": "truncated",
        "cut.safetensors": "truncated",
        "list.pth": "no dictionary of tensors",
        "nothing.pth": "holds no weights",
        "code.pth": "more than tensors",
    }.items():
        with pytest.raises(WeightsError, match=words):
            load_weights(tmp_path / name)
    assert capsys.readouterr().out == "", "nothing in a file is executed"

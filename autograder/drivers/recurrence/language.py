"""The driver of recurrence/language: scanners and encoders with numbers of ours, and what they make of texts."""

import zlib
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn


def scan(student: Any, ids: Tensor, sizes: list[int], seed: int) -> dict[str, Any]:
    """The parameters of a scanner by name and shape, and the states that it comes to."""
    scanner = _with_numbers(student.Scanner(*sizes), seed)
    return {"parameters": _form(scanner), "states": scanner(ids, _lengths(ids))}


def scan_again(student: Any, ids: Tensor, sizes: list[int], seed: int) -> Tensor:
    """The states that a scanner comes to after it has read the same texts in another order."""
    scanner = _with_numbers(student.Scanner(*sizes), seed)
    scanner(ids.flip(0), _lengths(ids.flip(0)))
    found: Tensor = scanner(ids, _lengths(ids))
    return found


def encode(student: Any, states: Tensor, num_languages: int, seed: int) -> dict[str, Any]:
    """The parameters of an encoder by name and shape, and its logits."""
    encoder = _with_numbers(student.Encoder(states.shape[1], num_languages), seed)
    return {"parameters": _form(encoder), "logits": encoder(states)}


def train(student: Any, ids: Tensor, labels: Tensor, sizes: list[int], seed: int, **how: Any) -> dict[str, Any]:
    """The losses of training, and what both networks hold after it; of sizes symbols, width and languages."""
    symbols, width, num_languages = sizes
    scanner = _with_numbers(_Counter(symbols, width), seed)
    encoder = _with_numbers(nn.Sequential(nn.Linear(width, num_languages)), seed)
    losses = student.train_language_id(scanner, encoder, ids, _lengths(ids), labels, **how)
    return {"losses": losses, "scanner": dict(scanner.state_dict()), "encoder": dict(encoder.state_dict())}


def learn_languages(
    student: Any, ids: Tensor, labels: Tensor, new_ids: Tensor, sizes: list[int], num_languages: int, prefix: int,
    seed: int, **how: Any,
) -> dict[str, Tensor]:  # fmt: skip
    """Logits for new texts after training on others, and for the first characters of those texts."""
    torch.manual_seed(seed)
    scanner, encoder = student.Scanner(*sizes), student.Encoder(sizes[2], num_languages)
    student.train_language_id(scanner, encoder, ids, _lengths(ids), labels, **how)
    new_lengths = _lengths(new_ids)
    with torch.no_grad():
        whole = encoder(scanner(new_ids, new_lengths))
        short = encoder(scanner(new_ids[:, :prefix], new_lengths.clamp(max=prefix)))
    return {"logits": whole, "logits of prefixes": short}


class _Counter(nn.Module):
    """The mean vector of a text's characters, in any order: so that training depends on nobody's scanner."""

    def __init__(self, num_symbols: int, width: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(num_symbols, width)

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        counted = (torch.arange(ids.shape[1]) < lengths[:, None]) / lengths[:, None]
        means: Tensor = (counted[:, :, None] * self.embedding(ids)).sum(1)
        return torch.tanh(means)


def _with_numbers(model: Any, seed: int) -> Any:
    """The model in float64, each parameter filled with numbers that depend on its name and its shape alone."""
    if not isinstance(model, nn.Module):
        raise TypeError(f"Scanner and Encoder should be subclasses of nn.Module, but made a {type(model).__name__}")
    model = model.double()
    for name, parameter in model.named_parameters():
        rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
        with torch.no_grad():
            parameter.copy_(torch.from_numpy(rng.uniform(-1, 1, tuple(parameter.shape))))
    return model


def _lengths(ids: Tensor) -> Tensor:
    return (ids > 0).sum(1)


def _form(model: nn.Module) -> list[str]:
    return sorted(f"{name} {tuple(parameter.shape)}" for name, parameter in model.named_parameters())

"""Oracle for recurrence/language."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

PADDING, UNKNOWN, FIRST = 0, 1, 2  # numbers of what is no character of the vocabulary, and of its first one


def build_vocab(texts: Iterable[str]) -> dict[str, int]:
    """The characters of all texts, sorted, with numbers from 2."""
    return {character: FIRST + place for place, character in enumerate(sorted(set("".join(texts))))}


def encode_batch(texts: Sequence[str], vocab: Mapping[str, int]) -> tuple[Tensor, Tensor]:
    """Numbers (N, T), filled up with 0 on the right, and lengths (N,), both int64."""
    lengths = [len(text) for text in texts]
    rows = [
        [vocab.get(character, UNKNOWN) for character in text] + [PADDING] * (max(lengths) - len(text)) for text in texts
    ]
    return torch.tensor(rows), torch.tensor(lengths)


class Scanner(nn.Module):
    """Reads texts, and returns its state after the last character of each: shape (N, hidden)."""

    def __init__(self, num_symbols: int, width: int, hidden: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(num_symbols, width)
        self.gru = nn.GRU(width, hidden, batch_first=True)

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        return self.states(ids)[torch.arange(len(ids)), lengths - 1]

    def states(self, ids: Tensor) -> Tensor:
        """The state after each step, padding too: shape (N, T, hidden)."""
        states: Tensor = self.gru(self.embedding(ids))[0]
        return states


class Encoder(nn.Module):
    """From states (N, hidden) to logits (N, num_languages), by a hidden layer of the same size."""

    def __init__(self, hidden: int, num_languages: int) -> None:
        super().__init__()
        self.dense = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, num_languages)

    def forward(self, states: Tensor) -> Tensor:
        logits: Tensor = self.out(torch.relu(self.dense(states)))
        return logits


def train_language_id(
    scanner: nn.Module, encoder: nn.Module, ids: Tensor, lengths: Tensor, labels: Tensor, *,
    epochs: int, batch_size: int, lr: float, rng: Any,
) -> list[float]:  # fmt: skip
    """Train both networks by Adam in batches of random order; the mean loss of each epoch."""
    optimiser = torch.optim.Adam([*scanner.parameters(), *encoder.parameters()], lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in torch.split(torch.from_numpy(rng.permutation(len(ids))), batch_size):
            loss = F.cross_entropy(encoder(scanner(ids[batch], lengths[batch])), labels[batch])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            total += len(batch) * loss.item()
        losses.append(total / len(ids))
    return losses

"""Mistakes of recurrence/language in the scanner and the encoder."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from autograder.model import Misconception
from reference.recurrence.language import Encoder, Scanner

Pick = Callable[[Tensor, Tensor], Tensor]


def _scanner(pick: Pick) -> dict[str, type[nn.Module]]:
    """A scanner that makes something else of its states (N, T, H) and the lengths."""

    class Wrong(Scanner):
        def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
            return pick(self.states(ids), lengths)

    return {"Scanner": Wrong}


def _at(states: Tensor, places: Tensor) -> Tensor:
    return states[torch.arange(len(states)), places]


def _shown(states: Tensor, lengths: Tensor) -> Tensor:
    """1 for characters, 0 for padding: shape (N, T, 1)."""
    return (torch.arange(states.shape[1]) < lengths[:, None])[..., None].to(states.dtype)


def _mean(states: Tensor, lengths: Tensor) -> Tensor:
    return (states * _shown(states, lengths)).sum(1) / lengths[:, None]


class _Carrying(Scanner):
    """Starts from the state in which the call before ended."""

    def __init__(self, *sizes: int) -> None:
        super().__init__(*sizes)
        self.state: Tensor | None = None

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        if self.state is not None and self.state.shape[1] != len(ids):
            self.state = None
        states, state = self.gru(self.embedding(ids), self.state)
        self.state = state.detach()
        return _at(states, lengths - 1)


class _TimeFirst(Scanner):
    """Without batch_first, texts are taken for steps."""

    def __init__(self, num_symbols: int, width: int, hidden: int) -> None:
        super().__init__(num_symbols, width, hidden)
        self.gru = nn.GRU(width, hidden)


class _Backwards(Scanner):
    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        turned = [torch.cat((row[:n].flip(0), row[n:])) for row, n in zip(ids, lengths.tolist(), strict=True)]
        return super().forward(torch.stack(turned), lengths)


class _Simple(Scanner):
    """A plain recurrent layer under the name of the GRU."""

    def __init__(self, num_symbols: int, width: int, hidden: int) -> None:
        super().__init__(num_symbols, width, hidden)
        self.gru = nn.RNN(width, hidden, batch_first=True)  # type: ignore[assignment]


def _encoder(logits: Callable[[Any, Tensor], Tensor]) -> dict[str, type[nn.Module]]:
    """An encoder that does something else with its layers."""

    class Wrong(Encoder):
        def forward(self, states: Tensor) -> Tensor:
            return logits(self, states)

    return {"Encoder": Wrong}


def _right(encoder: Any, states: Tensor) -> Tensor:
    return Encoder.forward(encoder, states)


NETWORKS = (
    Misconception(
        "last-padded-step",
        "You take the state at the last step of the tensor, which for shorter texts comes after the padding.",
        "The padding overwrites what was read. Take the state at step lengths - 1 of each text.",
        _scanner(lambda states, lengths: states[:, -1]),
        "BI8",
    ),
    Misconception(
        "state-before-the-last-character",
        "You take the state before the last character.",
        "Steps count from 0: the last character of a text is at step lengths - 1.",
        _scanner(lambda states, lengths: _at(states, (lengths - 2).clamp(min=0))),
    ),
    Misconception(
        "state-after-one-padding",
        "You take the state at step lengths, one after the last character.",
        "Steps count from 0: the last character of a text is at step lengths - 1.",
        _scanner(lambda states, lengths: _at(states, lengths.clamp(max=states.shape[1] - 1))),
    ),
    Misconception(
        "first-state",
        "You take the state after the first character.",
        "Only the last state has read the whole text: the one at step lengths - 1.",
        _scanner(lambda states, lengths: states[:, 0]),
    ),
    Misconception(
        "mean-of-the-states",
        "You average the states over each text.",
        "The last state has read the whole text: take it alone, at step lengths - 1.",
        _scanner(_mean),
    ),
    Misconception(
        "mean-over-the-padding",
        "You average the states over all steps, padding included.",
        "Take the state at step lengths - 1 of each text: it has read all of it, and no padding.",
        _scanner(lambda states, lengths: states.mean(1)),
    ),
    Misconception(
        "largest-of-the-states",
        "You take the maximum of the states over all steps.",
        "Take the state at step lengths - 1 of each text.",
        _scanner(lambda states, lengths: states.amax(1)),
    ),
    Misconception(
        "padding-zeroed-then-last",
        "You set the states of the padding to zero, and then take the last step.",
        "That is zero for all texts but the longest. Take the state at step lengths - 1 of each text.",
        _scanner(lambda states, lengths: (states * _shown(states, lengths))[:, -1]),
    ),
    Misconception(
        "all-states-returned",
        "You return the states of all steps.",
        "One state a text, of shape (N, hidden): the one at step lengths - 1.",
        _scanner(lambda states, lengths: states),
    ),
    Misconception(
        "state-carried-over",
        "You start from the state in which the texts before ended.",
        "Texts have nothing to do with each other: every call starts from zeros, as nn.GRU does by default.",
        {"Scanner": _Carrying},
        "LI3",
    ),
    Misconception(
        "batch-taken-for-time",
        "You read across the texts: nn.GRU takes the first axis for time.",
        "Say batch_first=True: the characters of a text lie along the second axis.",
        {"Scanner": _TimeFirst},
    ),
    Misconception(
        "read-backwards",
        "You read the texts from their end.",
        "The scanner goes from the first character to the last.",
        {"Scanner": _Backwards},
    ),
    Misconception(
        "plain-recurrent-layer",
        "You use a plain recurrent layer in place of a GRU.",
        "The layer `gru` is an nn.GRU: its gates keep what was read for longer.",
        {"Scanner": _Simple},
    ),
    Misconception(
        "softmax-in-the-encoder",
        "You return probabilities: cross-entropy takes a softmax itself, and two of them learn slowly.",
        "Logits are scores before any softmax: return what `out` gives.",
        _encoder(lambda encoder, states: torch.softmax(_right(encoder, states), 1)),
        "LI1",
    ),
    Misconception(
        "log-softmax-in-the-encoder",
        "You return logarithms of probabilities.",
        "Logits are scores before any softmax: return what `out` gives.",
        _encoder(lambda encoder, states: torch.log_softmax(_right(encoder, states), 1)),
    ),
    Misconception(
        "no-relu-in-the-encoder",
        "You leave out the ReLU.",
        "Two dense layers in a row are no more than one: put the ReLU between them.",
        _encoder(lambda encoder, states: encoder.out(encoder.dense(states))),
    ),
    Misconception(
        "relu-on-the-logits",
        "You apply the ReLU to the logits too.",
        "Logits may be negative: the ReLU belongs between the two layers only.",
        _encoder(lambda encoder, states: torch.relu(_right(encoder, states))),
    ),
    Misconception(
        "tanh-in-the-encoder",
        "You apply tanh between the layers.",
        "The encoder is dense, ReLU, dense.",
        _encoder(lambda encoder, states: encoder.out(torch.tanh(encoder.dense(states)))),
    ),
)

"""Mistakes of recurrence/bidirectional: padding and two directions here, looking ahead beside this file.

BI2 is missing: which state sums up a sentence is asked for in recurrence/language.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from autograder.misconceptions.recurrence.bidirectional_ahead import AHEAD
from autograder.model import Misconception
from reference.recurrence.bidirectional import last_valid_state, reverse_within
from reference.recurrence.rnn import rnn_forward


@dataclass(frozen=True, slots=True)
class Reader:
    """A layer that reads in one direction: its first state and its weights."""

    h0: Tensor
    Wx: Tensor
    Wh: Tensor
    b: Tensor

    def read(self, x: Tensor) -> Tensor:
        return rnn_forward(x, self.h0, self.Wx, self.Wh, self.b)


Halves = Callable[[Tensor, Reader, Reader, Tensor], tuple[Tensor, Tensor]]
Join = Callable[[Tensor, Tensor, Tensor], Tensor]


def _joined(forward: Tensor, backward: Tensor, valid: Tensor) -> Tensor:
    return torch.cat((forward, backward), 2) * valid


def _two_ways(halves: Halves, join: Join = _joined) -> dict[str, Callable[..., Tensor]]:
    """A wrong bidirectional_forward from what it takes for both halves, and how it puts them together."""

    def function(
        x: Tensor, h0f: Tensor, h0b: Tensor, Wxf: Tensor, Whf: Tensor, bf: Tensor, Wxb: Tensor, Whb: Tensor, bb: Tensor,
        lengths: Tensor | None = None,
    ) -> Tensor:  # fmt: skip
        ends = torch.full((len(x),), x.shape[1]) if lengths is None else lengths
        valid = (torch.arange(x.shape[1]) < ends[:, None])[:, :, None]
        parts = halves(x, Reader(h0f, Wxf, Whf, bf), Reader(h0b, Wxb, Whb, bb), ends)
        return join(*parts, valid.double())

    return {"bidirectional_forward": function}


def _right(x: Tensor, f: Reader, b: Reader, ends: Tensor) -> tuple[Tensor, Tensor]:
    return f.read(x), _backward(x, b, ends)


def _backward(x: Tensor, b: Reader, ends: Tensor) -> Tensor:
    return reverse_within(b.read(reverse_within(x, ends)), ends)


def _as_read(x: Tensor, f: Reader, b: Reader, ends: Tensor) -> tuple[Tensor, Tensor]:
    return f.read(x), b.read(reverse_within(x, ends))


def _flipped_whole(x: Tensor, f: Reader, b: Reader, ends: Tensor) -> tuple[Tensor, Tensor]:
    return f.read(x), b.read(x.flip(1)).flip(1)


def _flipped_back_whole(x: Tensor, f: Reader, b: Reader, ends: Tensor) -> tuple[Tensor, Tensor]:
    return f.read(x), b.read(reverse_within(x, ends)).flip(1)


def _from_the_last_forward_state(x: Tensor, f: Reader, b: Reader, ends: Tensor) -> tuple[Tensor, Tensor]:
    forward = f.read(x)
    return forward, _backward(x, replace(b, h0=last_valid_state(forward, ends)), ends)


def _before_reading(x: Tensor, f: Reader, b: Reader, ends: Tensor) -> tuple[Tensor, Tensor]:
    states = torch.cat((b.h0[:, None], b.read(reverse_within(x, ends))[:, :-1]), 1)
    return f.read(x), reverse_within(states, ends)


def _step_early(h: Tensor, lengths: Tensor) -> Tensor:
    return h[torch.arange(len(h)), lengths - 2]


def _step_late(h: Tensor, lengths: Tensor) -> Tensor:
    if (lengths >= h.shape[1]).any():
        raise IndexError("out of bounds")
    return h[torch.arange(len(h)), lengths]


REVERSED = (
    Misconception(
        "padding-turned-round-too",
        "You turn the whole array round, its padding included.",
        "Only the first lengths[n] steps of sequence n change places; the padding stays behind them.",
        {"reverse_within": lambda x, lengths: x.flip(1)},
    ),
    Misconception(
        "padding-cleared",
        "You set the padding to 0.",
        "The padding stays as it is, where it is.",
        {
            "reverse_within": lambda x, lengths: (
                reverse_within(x, lengths) * (torch.arange(x.shape[1]) < lengths[:, None])[:, :, None]
            )
        },
    ),
    Misconception(
        "first-length-for-all",
        "You take the length of the first sequence for all of them.",
        "Each sequence has a length of its own: lengths[n].",
        {
            "reverse_within": lambda x, lengths: reverse_within(x, lengths[:1].expand(len(x))),
            "last_valid_state": lambda h, lengths: last_valid_state(h, lengths[:1].expand(len(h))),
        },
    ),
    Misconception(
        "last-step-stays",
        "You turn round all real steps but the last.",
        "A sequence of length n has the steps 0 to n - 1: step t goes to n - 1 - t.",
        {"reverse_within": lambda x, lengths: reverse_within(x, lengths - 1)},
    ),
)

LAST = (
    Misconception(
        "last-padded-step",
        "You take the last step of the padded array.",
        "A sequence that is shorter ends at step lengths[n] - 1: what comes after it is padding.",
        {"last_valid_state": lambda h, lengths: h[:, -1]},
        "BI8",
    ),
    Misconception(
        "one-step-early",
        "You take the last step but one.",
        "Steps count from 0: the last of lengths[n] steps is lengths[n] - 1.",
        {"last_valid_state": _step_early},
    ),
    Misconception(
        "one-step-late",
        "You take the step after the last one.",
        "Steps count from 0: the last of lengths[n] steps is lengths[n] - 1.",
        {"last_valid_state": _step_late},
    ),
    Misconception(
        "every-length-for-every-sequence",
        "You take from every sequence the steps at which each of them ends.",
        "h[:, lengths - 1] pairs each sequence with every length. Index both axes: sequence n at lengths[n] - 1.",
        {"last_valid_state": lambda h, lengths: h[:, lengths - 1]},
    ),
)

TWO_WAYS = (
    Misconception(
        "backward-half-not-turned-back",
        "You leave the states of the backward layer in the order in which they were read.",
        "The first state that it returns belongs to the last step: turn the states round again.",
        _two_ways(_as_read),
        "BI1",
    ),
    Misconception(
        "same-layer-both-ways",
        "You read backward with the weights of the layer that reads forward.",
        "The two layers have parameters of their own: Wxf, Whf and bf, and Wxb, Whb and bb.",
        _two_ways(lambda x, f, b, ends: _right(x, f, replace(f, h0=b.h0), ends)),
        "BI3",
    ),
    Misconception(
        "padding-read-first",
        "Your backward layer reads the padding before it comes to the sequence.",
        "It starts from h0b at each sequence's own last step: turn each one round within its length.",
        _two_ways(_flipped_whole),
        "BI4",
    ),
    Misconception(
        "turned-back-as-a-whole",
        "You turn the states of the backward layer round with their padding.",
        "They were read from sequences that were turned round within their lengths: turn them back in the same way.",
        _two_ways(_flipped_back_whole),
    ),
    Misconception(
        "lengths-ignored",
        "You read all T steps of every sequence, whatever its length.",
        "Only the first lengths[n] steps are real: the backward layer starts there, and in the padding all is 0.",
        _two_ways(_flipped_whole, lambda forward, backward, valid: torch.cat((forward, backward), 2)),
    ),
    Misconception(
        "states-in-the-padding",
        "You return states for the padding.",
        "From step lengths[n] on, all numbers of the result are 0, in both halves.",
        _two_ways(_right, lambda forward, backward, valid: torch.cat((forward, backward), 2)),
    ),
    Misconception(
        "added-in-place-of-side-by-side",
        "You add the two states up.",
        "They stand side by side: the result is of shape (N, T, 2H).",
        _two_ways(_right, lambda forward, backward, valid: (forward + backward) * valid),
        "BI5",
    ),
    Misconception(
        "halves-exchanged",
        "You put the backward states first.",
        "The first H numbers are those of the layer that reads forward.",
        _two_ways(_right, lambda forward, backward, valid: _joined(backward, forward, valid)),
    ),
    Misconception(
        "both-read-forward",
        "Your second layer reads forward as well.",
        "It reads each sequence from its end to its beginning, so that at step t it knows what comes after.",
        _two_ways(lambda x, f, b, ends: (f.read(x), b.read(x))),
    ),
    Misconception(
        "backward-from-the-last-forward-state",
        "Your backward layer starts from the last state of the forward layer.",
        "It starts from h0b: the two layers know nothing of each other.",
        _two_ways(_from_the_last_forward_state),
    ),
    Misconception(
        "h0b-ignored",
        "Your backward layer starts from zeros, not from h0b.",
        "The state after the last step, from which it starts, is h0b.",
        _two_ways(lambda x, f, b, ends: _right(x, f, replace(b, h0=torch.zeros_like(b.h0)), ends)),
    ),
    Misconception(
        "h0f-for-both",
        "Both your layers start from h0f.",
        "The backward layer has a first state of its own, h0b.",
        _two_ways(lambda x, f, b, ends: _right(x, f, replace(b, h0=f.h0), ends)),
    ),
    Misconception(
        "backward-state-before-the-step",
        "Your backward half at step t has not read x[:, t] yet.",
        "At step t both halves have read x[:, t]: the forward one last, the backward one too.",
        _two_ways(_before_reading),
    ),
)

MISCONCEPTIONS = (*REVERSED, *LAST, *TWO_WAYS, *AHEAD)

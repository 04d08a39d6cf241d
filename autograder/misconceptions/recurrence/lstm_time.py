"""Ways through time for the wrong models of recurrence/lstm."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from autograder.misconceptions.recurrence.lstm_steps import (
    BACKWARD,
    Formula,
    Gradients,
    Wrong,
    backward_step,
    gradients,
    peeping_backwards,
)


@dataclass(frozen=True, slots=True)
class Sequence:
    """What a sequence's backward pass is given, with the states and cells before each step."""

    dh: Tensor
    x: Tensor
    h_prev: Tensor
    c_prev: Tensor
    c: Tensor
    gates: Tensor
    Wx: Tensor
    Wh: Tensor

    def step(self, t: int, dh: Tensor, dc: Tensor, formulas: Mapping[str, Formula]) -> Gradients:
        """Step t, where later steps sent dh and dc to its state and its cell."""
        before = self.x[:, t], self.h_prev[:, t], self.c_prev[:, t], self.c[:, t], self.gates[:, t]
        return gradients(backward_step(formulas, self.dh[:, t] + dh, dc, *before, self.Wx, self.Wh))


def through_time(
    given: Sequence, formulas: Mapping[str, Formula] = BACKWARD, *, states: bool = True, cells: bool = True,
    forward: bool = False,
) -> list[Gradients]:  # fmt: skip
    """The gradients of each step, first to last, where each hands dh_prev and dc_prev on to the step before it.

    Wrongly, it may keep those of states or of cells to itself, or go forward in time.
    """
    times = range(given.x.shape[1])
    nothing = torch.zeros_like(given.c[:, 0])
    dh, dc, found = nothing, nothing, {}
    for t in times if forward else reversed(times):
        found[t] = given.step(t, dh, dc, formulas)
        dh, dc = found[t].dh_prev if states else nothing, found[t].dc_prev if cells else nothing
    return [found[t] for t in times]


def together(steps: list[Gradients]) -> Gradients:
    """The gradients of a sequence from those of its steps: those of the weights add up."""
    dx, dh_prev, dc_prev, *weights = (list(parts) for parts in zip(*steps, strict=True))
    return Gradients(torch.stack(dx, 1), dh_prev[0], dc_prev[0], *(torch.stack(part).sum(0) for part in weights))


def _given(
    dh: Tensor, x: Tensor, h0: Tensor, c0: Tensor, h: Tensor, c: Tensor, gates: Tensor, Wx: Tensor, Wh: Tensor
) -> Sequence:
    h_prev, c_prev = (torch.cat((first[:, None], rest[:, :-1]), 1) for first, rest in ((h0, h), (c0, c)))
    return Sequence(dh, x, h_prev, c_prev, c, gates, Wx, Wh)


def backward_in_time(formulas: Mapping[str, Formula]) -> Callable[..., Gradients]:
    """Backpropagation through time with such steps."""
    return lambda *arrays: together(through_time(_given(*arrays), formulas))


def backwards(**wrong: Formula) -> Wrong:
    """All three backward passes, with some formulas replaced."""
    formulas = {**BACKWARD, **wrong}
    return {
        "lstm_step_backward": lambda *arrays: gradients(backward_step(formulas, *arrays)),
        "lstm_backward": backward_in_time(formulas),
        **peeping_backwards(**wrong),
    }


def in_time(model: Callable[[Sequence], Gradients]) -> Wrong:
    """A wrong backpropagation through time."""
    return {"lstm_backward": lambda *arrays: model(_given(*arrays))}

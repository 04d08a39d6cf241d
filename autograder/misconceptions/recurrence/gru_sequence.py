"""Mistakes of recurrence/gru with whole sequences, forward and in backpropagation through time."""

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from autograder.misconceptions.numpy_like import numpy_errors
from autograder.misconceptions.recurrence.gru_steps import (
    Gradients,
    Outputs,
    Sequence,
    Wrong,
    in_time,
    through_time,
    together,
)
from autograder.model import Misconception
from reference.recurrence.gru import gru_forward, gru_step_forward


def _of_sequence(change: Callable[[Tensor], Tensor]) -> Wrong:
    """A sequence whose results are both changed in the same way."""

    def sequence(*arrays: Tensor) -> Outputs:
        h, gates = map(change, gru_forward(*arrays))
        return h, gates

    return {"gru_forward": sequence}


def _of_states(change: Callable[[Tensor, Tensor], Tensor]) -> Wrong:
    """A sequence whose states are changed, with h0 at hand."""

    def sequence(x: Tensor, h0: Tensor, *weights: Tensor) -> Outputs:
        h, gates = gru_forward(x, h0, *weights)
        return change(h, h0[:, None]), gates

    return {"gru_forward": sequence}


def _always_from_h0(x: Tensor, h0: Tensor, *weights: Tensor) -> Outputs:
    found = [gru_step_forward(x_t, h0, *weights) for x_t in x.unbind(1)]
    h, gates = (torch.stack(part, 1) for part in zip(*found, strict=True))
    return h, gates


@numpy_errors()
def _batch_as_time(x: Tensor, h0: Tensor, *weights: Tensor) -> Outputs:
    h, gates = x.new_zeros((*x.shape[:2], h0.shape[1])), x.new_zeros((*x.shape[:2], 3 * h0.shape[1]))
    for t in range(len(x)):
        h0, gates[t] = gru_step_forward(x[t], h0, *weights)
        h[t] = h0
    return h, gates


def _right(given: Sequence) -> Gradients:
    return together(through_time(given))


def _only_last_upstream(given: Sequence) -> Gradients:
    dh = torch.zeros_like(given.dh)
    dh[:, -1] = given.dh[:, -1]
    return _right(replace(given, dh=dh))


def _weights_of_first_step(given: Sequence) -> Gradients:
    first = through_time(given)[0]
    return _right(given)._replace(dWx=first.dWx, dWh=first.dWh, db=first.db)


def _averaged_over_time(given: Sequence) -> Gradients:
    found, count = _right(given), given.x.shape[1]
    return found._replace(dWx=found.dWx / count, dWh=found.dWh / count, db=found.db / count)


def _forward_in_time(given: Sequence) -> Gradients:
    steps = through_time(given, forward=True)
    return together(steps)._replace(dh_prev=steps[-1].dh_prev)


def _first_step_left_out(given: Sequence) -> Gradients:
    steps = through_time(given)
    nothing = Gradients(*(torch.zeros_like(part) for part in steps[0]))
    if len(steps) > 1:
        nothing = nothing._replace(dh_prev=steps[1].dh_prev)
    return together([nothing, *steps[1:]])


def _no_dh0(given: Sequence) -> Gradients:
    found = _right(given)
    return found._replace(dh_prev=torch.zeros_like(found.dh_prev))


def _dx_from_the_end(given: Sequence) -> Gradients:
    found = _right(given)
    return found._replace(dx=found.dx.flip(1))


def _first_state_before(given: Sequence, state: Tensor) -> Gradients:
    return _right(replace(given, h_prev=torch.cat((state[:, None], given.h_prev[:, 1:]), 1)))


SEQUENCE = (
    Misconception(
        "h0-ignored",
        "You start from zeros, not from h0.",
        "The state before the first step is h0.",
        {"gru_forward": lambda x, h0, *weights: gru_forward(x, torch.zeros_like(h0), *weights)},
    ),
    Misconception(
        "always-from-h0",
        "You start every step from h0.",
        "Step t starts from the state that step t - 1 returned: keep it for the next round of the loop.",
        {"gru_forward": _always_from_h0},
    ),
    Misconception(
        "only-the-last-step",
        "You return state and gates of the last step only.",
        "The results have shapes (N, T, H) and (N, T, 3H): store those of every step.",
        _of_sequence(lambda result: result[:, -1]),
    ),
    Misconception(
        "time-first",
        "You return time first and the batch second.",
        "The results are batch first: stack the steps along axis 1.",
        _of_sequence(lambda result: result.transpose(0, 1)),
    ),
    Misconception(
        "batch-taken-for-time",
        "You loop over the batch as if it were time.",
        "x has shape (N, T, D): the inputs of step t are x[:, t].",
        {"gru_forward": _batch_as_time},
    ),
    Misconception(
        "one-step-late",
        "You store the state before each step instead of the state after it.",
        "h[:, t] is what step t returns: first compute, then store.",
        _of_states(lambda h, h0: torch.cat((h0, h[:, :-1]), 1)),
    ),
    Misconception(
        "h0-among-the-states",
        "You return h0 as well, in front of the states.",
        "The result has T states, those after each step; h0 is before the first.",
        _of_states(lambda h, h0: torch.cat((h0, h), 1)),
    ),
    Misconception(
        "nothing-through-time",
        "You treat each step alone: no gradient goes from a step to the step before it.",
        "h_t has two readers, its own loss and step t + 1: add the dh_prev of step t + 1 to dh[:, t].",
        in_time(lambda given: together(through_time(given, carrying=False))),
    ),
    Misconception(
        "only-the-last-upstream",
        "You start from the dh of the last step and leave out those of the steps before.",
        "Each state has a loss of its own: add dh[:, t] at every step.",
        in_time(_only_last_upstream),
    ),
    Misconception(
        "weights-overwritten",
        "You let each step overwrite dWx, dWh and db.",
        "All steps share the same weights, so their gradients add up: += instead of =.",
        in_time(_weights_of_first_step),
    ),
    Misconception(
        "averaged-over-time",
        "You divide dWx, dWh and db by the number of steps.",
        "All steps share the same weights, and their gradients add up: a sum, not a mean.",
        in_time(_averaged_over_time),
    ),
    Misconception(
        "forward-in-time",
        "Your loop runs from the first step to the last.",
        "The gradient travels against time: t = T - 1 comes first, t = 0 last.",
        in_time(_forward_in_time),
    ),
    Misconception(
        "first-step-left-out",
        "Your loop ends before the first step.",
        "The loop goes down to t = 0 included; range(T - 1, 0, -1) stops at 1.",
        in_time(_first_step_left_out),
    ),
    Misconception(
        "dh0-zero",
        "You return zeros for dh0.",
        "h0 took part in the first step: dh0 is the dh_prev of t = 0.",
        in_time(_no_dh0),
    ),
    Misconception(
        "dx-from-the-end",
        "Your dx runs backwards in time.",
        "The loop goes from the last step to the first: step t belongs at dx[:, t].",
        in_time(_dx_from_the_end),
    ),
    Misconception(
        "state-after-the-step",
        "You use h[:, t], the state after the step, where the state before it belongs.",
        "Step t started from h[:, t - 1], and step 0 from h0.",
        in_time(lambda given: _right(replace(given, h_prev=given.h))),
    ),
    Misconception(
        "h0-taken-for-zero",
        "You take zeros for the state before the first step.",
        "The state before step 0 is h0: both gates and dWh need it.",
        in_time(lambda given: _first_state_before(given, torch.zeros_like(given.h[:, 0]))),
    ),
    Misconception(
        "h0-taken-from-the-end",
        "You take h[:, t - 1] for the state before the first step, and there that is the last state.",
        "At t = 0 the index t - 1 is -1, which counts from the end: take h0 there.",
        in_time(lambda given: _first_state_before(given, given.h[:, -1])),
    ),
)

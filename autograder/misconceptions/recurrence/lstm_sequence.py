"""Mistakes of recurrence/lstm in backpropagation through time. Forgetting the cell's path is among those of a step."""

from dataclasses import replace

import torch
from torch import Tensor

from autograder.misconceptions.recurrence.lstm_steps import BACKWARD, Gradients
from autograder.misconceptions.recurrence.lstm_time import Sequence, in_time, through_time, together
from autograder.model import Misconception


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
    return together(steps)._replace(dh_prev=steps[-1].dh_prev, dc_prev=steps[-1].dc_prev)


def _first_step_left_out(given: Sequence) -> Gradients:
    steps = through_time(given)
    nothing = Gradients(*(torch.zeros_like(part) for part in steps[0]))
    if len(steps) > 1:
        nothing = nothing._replace(dh_prev=steps[1].dh_prev, dc_prev=steps[1].dc_prev)
    return together([nothing, *steps[1:]])


def _no_initial_gradients(given: Sequence) -> Gradients:
    found = _right(given)
    return found._replace(dh_prev=torch.zeros_like(found.dh_prev), dc_prev=torch.zeros_like(found.dc_prev))


def _initial_gradients_exchanged(given: Sequence) -> Gradients:
    found = _right(given)
    return found._replace(dh_prev=found.dc_prev, dc_prev=found.dh_prev)


def _first_cell_before(given: Sequence, cell: Tensor) -> Gradients:
    return _right(replace(given, c_prev=torch.cat((cell[:, None], given.c_prev[:, 1:]), 1)))


def _first_state_before(given: Sequence, state: Tensor) -> Gradients:
    return _right(replace(given, h_prev=torch.cat((state[:, None], given.h_prev[:, 1:]), 1)))


def _dx_from_the_end(given: Sequence) -> Gradients:
    found = _right(given)
    return found._replace(dx=found.dx.flip(1))


def _forget_gate_of_the_step_before(given: Sequence) -> Gradients:
    """dc goes back through the forget gate of the step that it comes to, not of the one that it comes from."""
    f_before = torch.cat((torch.ones_like(given.c[:, :1]), given.gates.chunk(4, -1)[1][:, :-1]), 1)
    shifted = replace(given, gates=torch.cat((given.gates, f_before), -1))
    blocks = {gate: (lambda s, k=number: s.gates.chunk(5, -1)[k]) for number, gate in enumerate("ifgo")}
    before = {"dc_prev": lambda s: s.dc_total * s.gates.chunk(5, -1)[4]}
    return together(through_time(shifted, {**BACKWARD, **blocks, **before}))


SEQUENCE = (
    Misconception(
        "nothing-through-time",
        "You treat each step alone: no gradient goes from a step to the step before it.",
        "Step t + 1 reads h_t and c_t: add its dh_prev to dh[:, t], and hand its dc_prev to step t as dc.",
        in_time(lambda given: together(through_time(given, states=False, cells=False))),
    ),
    Misconception(
        "states-not-through-time",
        "You hand the cell's gradient back through time, but not the state's.",
        "h_t has two readers, its own loss and the gates of step t + 1: add the dh_prev of step t + 1 to dh[:, t].",
        in_time(lambda given: together(through_time(given, states=False))),
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
        "dh0-and-dc0-zero",
        "You return zeros for dh0 and dc0.",
        "h0 and c0 took part in the first step: its dh_prev and dc_prev are dh0 and dc0.",
        in_time(_no_initial_gradients),
    ),
    Misconception(
        "dh0-and-dc0-exchanged",
        "You return dc0 in the place of dh0, and dh0 in the place of dc0.",
        "The order of the results is dx, dh0, dc0, dWx, dWh, db.",
        in_time(_initial_gradients_exchanged),
    ),
    Misconception(
        "dx-from-the-end",
        "Your dx runs backwards in time.",
        "The loop goes from the last step to the first: step t belongs at dx[:, t].",
        in_time(_dx_from_the_end),
    ),
    Misconception(
        "h0-taken-for-zero",
        "You take zeros for the state before the first step.",
        "The state before step 0 is h0: dWh needs it.",
        in_time(lambda given: _first_state_before(given, torch.zeros_like(given.c[:, 0]))),
    ),
    Misconception(
        "c0-taken-for-zero",
        "You take zeros for the cell before the first step.",
        "The cell before step 0 is c0: the forget gate of that step needs it.",
        in_time(lambda given: _first_cell_before(given, torch.zeros_like(given.c[:, 0]))),
    ),
    Misconception(
        "c0-taken-from-the-end",
        "You take c[:, t - 1] for the cell before the first step, and there that is the last cell.",
        "At t = 0 the index t - 1 is -1, which counts from the end: take c0 there.",
        in_time(lambda given: _first_cell_before(given, given.c[:, -1])),
    ),
    Misconception(
        "forget-gate-of-the-wrong-step",
        "You hand the cell's gradient back through the forget gate of the step before.",
        "c_t = f_t * c_{t-1} + ...: from step t to step t - 1 the factor is f_t, the gate of the later step.",
        in_time(_forget_gate_of_the_step_before),
    ),
)

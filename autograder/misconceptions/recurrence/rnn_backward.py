"""Mistakes of recurrence/rnn in backpropagation through time."""

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from autograder.misconceptions.recurrence.rnn_steps import (
    Given,
    Gradients,
    Wrong,
    alone,
    in_time,
    in_windows,
    sliding,
    through_time,
    together,
    truncated,
)
from autograder.model import Misconception


def _only_last_upstream(given: Given) -> Gradients:
    dh = torch.zeros_like(given.dh)
    dh[:, -1] = given.dh[:, -1]
    return together(through_time(replace(given, dh=dh)))


def _weights_of_first_step(given: Given) -> Gradients:
    first = through_time(given)[0]
    return together(through_time(given))._replace(dWx=first.dWx, dWh=first.dWh, db=first.db)


def _averaged_over_time(given: Given) -> Gradients:
    found, count = together(through_time(given)), given.x.shape[1]
    return found._replace(dWx=found.dWx / count, dWh=found.dWh / count, db=found.db / count)


def _forward_in_time(given: Given) -> Gradients:
    steps = through_time(given, forward=True)
    return together(steps)._replace(dh_prev=steps[-1].dh_prev)


def _sent_to_first_state(steps: list[Gradients]) -> Tensor:
    """What the second step hands on to the first."""
    return steps[1].dh_prev if len(steps) > 1 else torch.zeros_like(steps[0].dh_prev)


def _one_step_short(given: Given) -> Gradients:
    steps = through_time(given)
    return together(steps)._replace(dh_prev=_sent_to_first_state(steps))


def _first_step_left_out(given: Given) -> Gradients:
    steps = through_time(given)
    nothing = Gradients(*(torch.zeros_like(gradient) for gradient in steps[0]))
    return together([nothing._replace(dh_prev=_sent_to_first_state(steps)), *steps[1:]])


def _no_dh0(given: Given) -> Gradients:
    found = together(through_time(given))
    return found._replace(dh_prev=torch.zeros_like(found.dh_prev))


def _piling_up(given: Given) -> Gradients:
    steps = through_time(given, piling_up=True)
    return together(steps)._replace(dh_prev=torch.stack([step.dh_prev for step in steps]).sum(0))


def _one_step_back_only(given: Given) -> Gradients:
    sent = [step.dh_prev for step in alone(given)]
    from_next = torch.stack([*sent[1:], torch.zeros_like(sent[0])], 1)
    return together(alone(replace(given, dh=given.dh + from_next)))


def _dx_from_the_end(given: Given) -> Gradients:
    found = together(through_time(given))
    return found._replace(dx=found.dx.flip(1))


def _with_first_state(state: Callable[[Given], Tensor]) -> Wrong:
    """The step at t = 0 takes another state for h0, whether windows are cut or not."""

    def changed(given: Given) -> Given:
        return replace(given, h_prev=torch.cat((state(given)[:, None], given.h_prev[:, 1:]), 1))

    whole = in_time(lambda given: together(through_time(changed(given))))
    return {**whole, **truncated(lambda given, k: in_windows(changed(given), sliding(k)(given.x.shape[1])))}


SEQUENCE = (
    Misconception(
        "nothing-through-time",
        "You treat each step alone: no gradient goes from a step to the step before it.",
        "h_t has two readers, its own loss and step t + 1: add the dh_prev of step t + 1 to dh[:, t].",
        in_time(lambda given: together(alone(given))),
        "RB01",
    ),
    Misconception(
        "only-the-last-upstream",
        "You start from the dh of the last step and leave out those of the steps before.",
        "Each state has a loss of its own: add dh[:, t] at every step.",
        in_time(_only_last_upstream),
        "RB02",
    ),
    Misconception(
        "weights-overwritten",
        "You let each step overwrite dWx, dWh and db.",
        "All steps share the same weights, so their gradients add up: += instead of =.",
        in_time(_weights_of_first_step),
        "RB03",
    ),
    Misconception(
        "averaged-over-time",
        "You divide dWx, dWh and db by the number of steps.",
        "All steps share the same weights, and their gradients add up: a sum, not a mean.",
        in_time(_averaged_over_time),
        "RB04",
    ),
    Misconception(
        "forward-in-time",
        "Your loop runs from the first step to the last.",
        "The gradient travels against time: t = T - 1 comes first, t = 0 last.",
        in_time(_forward_in_time),
        "RB05",
    ),
    Misconception(
        "dh0-one-step-short",
        "Your dh0 is what reaches the state after the first step, not the state before it.",
        "One more step: the dh_prev of t = 0 is dh0.",
        in_time(_one_step_short),
        "RB07",
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
        "h0 took part in the first step: dh0 is what is left of the gradient after the last step back.",
        in_time(_no_dh0),
    ),
    Misconception(
        "carried-gradient-piles-up",
        "You add each dh_prev to those before it, instead of replacing it.",
        "What reaches h_t from later steps is the dh_prev of step t + 1: the others are in it already.",
        in_time(_piling_up),
    ),
    Misconception(
        "one-step-back-only",
        "You send the gradient of each loss back through a single earlier step only.",
        "What step t hands on contains what was handed to it: the loss of step T - 1 reaches back to h0.",
        in_time(_one_step_back_only),
        "RB12",
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
        _with_first_state(lambda given: torch.zeros_like(given.h_prev[:, 0])),
    ),
    Misconception(
        "h0-taken-from-the-end",
        "You take h[:, t - 1] for the state before the first step, and there that is the last state.",
        "At t = 0 the index t - 1 is -1, which counts from the end: take h0 there.",
        _with_first_state(lambda given: given.h[:, -1]),
    ),
)

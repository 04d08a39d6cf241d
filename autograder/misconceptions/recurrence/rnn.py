"""Mistakes of recurrence/rnn: the forward passes here, everything else beside this file.

RB10 and RB11 are missing: what changes arrays in place or uses up a cache gives right values on a first call.
"""

import torch
from torch import Tensor

from autograder.misconceptions.numpy_like import numpy_errors
from autograder.misconceptions.recurrence.rnn_backward import SEQUENCE
from autograder.misconceptions.recurrence.rnn_memory import MEMORY
from autograder.misconceptions.recurrence.rnn_step_backward import STEP
from autograder.misconceptions.recurrence.rnn_steps import forwards
from autograder.misconceptions.recurrence.rnn_truncated import TRUNCATED
from autograder.model import Misconception
from reference.recurrence.rnn import rnn_forward, rnn_step_forward


def _always_from_h0(x: Tensor, h0: Tensor, Wx: Tensor, Wh: Tensor, b: Tensor) -> Tensor:
    return torch.stack([rnn_step_forward(x_t, h0, Wx, Wh, b) for x_t in x.unbind(1)], 1)


@numpy_errors()
def _batch_as_time(x: Tensor, h0: Tensor, Wx: Tensor, Wh: Tensor, b: Tensor) -> Tensor:
    states, state = x.new_empty((*x.shape[:2], len(b))), h0
    for t in range(len(x)):
        state = rnn_step_forward(x[t], state, Wx, Wh, b)
        states[t] = state
    return states


def _one_late(x: Tensor, h0: Tensor, *weights: Tensor) -> Tensor:
    return torch.cat((h0[:, None], rnn_forward(x, h0, *weights)[:, :-1]), 1)


def _with_h0(x: Tensor, h0: Tensor, *weights: Tensor) -> Tensor:
    return torch.cat((h0[:, None], rnn_forward(x, h0, *weights)), 1)


FORWARD = (
    Misconception(
        "tanh-forgotten",
        "You return the sum without applying tanh.",
        "h = tanh(x @ Wx + h_prev @ Wh + b): tanh is applied to the whole sum.",
        forwards(lambda x, h, Wx, Wh, b: x @ Wx + h @ Wh + b),
    ),
    Misconception(
        "sigmoid-for-tanh",
        "You apply the sigmoid in place of tanh.",
        "States lie between -1 and 1 here: h = tanh(...). The sigmoid stays between 0 and 1.",
        forwards(lambda x, h, Wx, Wh, b: torch.sigmoid(x @ Wx + h @ Wh + b)),
    ),
    Misconception(
        "relu-for-tanh",
        "You cut off negative values in place of applying tanh.",
        "States lie between -1 and 1 here: h = tanh(...).",
        forwards(lambda x, h, Wx, Wh, b: torch.relu(x @ Wx + h @ Wh + b)),
    ),
    Misconception(
        "bias-forgotten",
        "You leave out the bias.",
        "tanh is applied to a sum of three terms: x @ Wx, h_prev @ Wh and b.",
        forwards(lambda x, h, Wx, Wh, b: rnn_step_forward(x, h, Wx, Wh, torch.zeros_like(b))),
    ),
    Misconception(
        "bias-added-twice",
        "You add the bias twice.",
        "This layer has one bias: add b once to the sum of x @ Wx and h_prev @ Wh.",
        forwards(lambda x, h, Wx, Wh, b: rnn_step_forward(x, h, Wx, Wh, 2 * b)),
        "RF6",
    ),
    Misconception(
        "bias-after-tanh",
        "You add the bias after tanh.",
        "b belongs inside: h = tanh(x @ Wx + h_prev @ Wh + b).",
        forwards(lambda x, h, Wx, Wh, b: torch.tanh(x @ Wx + h @ Wh) + b),
    ),
    Misconception(
        "tanh-of-each-term",
        "You apply tanh to the input's part and to the state's part, and then add.",
        "First add all terms up, then apply tanh once.",
        forwards(lambda x, h, Wx, Wh, b: torch.tanh(x @ Wx) + torch.tanh(h @ Wh + b)),
    ),
    Misconception(
        "state-ignored",
        "You leave out the previous state.",
        "The term h_prev @ Wh is the layer's memory.",
        forwards(lambda x, h, Wx, Wh, b: rnn_step_forward(x, torch.zeros_like(h), Wx, Wh, b)),
    ),
    Misconception(
        "input-ignored",
        "You leave out the input.",
        "The sum starts with x @ Wx.",
        forwards(lambda x, h, Wx, Wh, b: rnn_step_forward(torch.zeros_like(x), h, Wx, Wh, b)),
    ),
    # These two raise ValueError, but where D equals H.
    Misconception(
        "weights-exchanged",
        "You multiply the input by Wh and the state by Wx.",
        "x of shape (N, D) goes with Wx of shape (D, H), h_prev of shape (N, H) with Wh of shape (H, H).",
        forwards(lambda x, h, Wx, Wh, b: rnn_step_forward(x, h, Wh, Wx, b)),
    ),
    Misconception(
        "weights-transposed",
        "You transpose the weights.",
        "Weights multiply on the right as they are: x @ Wx, with Wx of shape (D, H), and h_prev @ Wh.",
        forwards(lambda x, h, Wx, Wh, b: rnn_step_forward(x, h, Wx.T, Wh.T, b)),
        "RF5",
    ),
    Misconception(
        "wh-transposed",
        "You transpose Wh.",
        "Weights multiply on the right as they are: h_prev @ Wh. Wh is square, so no shape gives this away.",
        forwards(lambda x, h, Wx, Wh, b: rnn_step_forward(x, h, Wx, Wh.T, b)),
    ),
    Misconception(
        "h0-ignored",
        "You start from zeros, not from h0.",
        "The state before the first step is h0.",
        {"rnn_forward": lambda x, h0, *weights: rnn_forward(x, torch.zeros_like(h0), *weights)},
        "RF1",
    ),
    Misconception(
        "always-from-h0",
        "You start every step from h0.",
        "Step t starts from the state that step t - 1 returned: keep it for the next round of the loop.",
        {"rnn_forward": _always_from_h0},
        "RF2",
    ),
    Misconception(
        "only-the-last-state",
        "You return the last state only.",
        "The result has shape (N, T, H): store the state of every step.",
        {"rnn_forward": lambda *arrays: rnn_forward(*arrays)[:, -1]},
        "RF3",
    ),
    Misconception(
        "batch-taken-for-time",
        "You loop over the batch as if it were time.",
        "x has shape (N, T, D): the inputs of step t are x[:, t].",
        {"rnn_forward": _batch_as_time},
        "RF4",
    ),
    Misconception(
        "time-first",
        "You return time first and the batch second.",
        "The result has shape (N, T, H), batch first: stack the states along axis 1.",
        {"rnn_forward": lambda *arrays: rnn_forward(*arrays).transpose(0, 1)},
    ),
    Misconception(
        "h0-among-the-states",
        "You return h0 as well, in front of the states.",
        "The result has T states, those after each step; h0 is before the first.",
        {"rnn_forward": _with_h0},
    ),
    Misconception(
        "one-step-late",
        "You store the state before each step instead of the state after it.",
        "h[:, t] is what step t returns: first compute, then store.",
        {"rnn_forward": _one_late},
    ),
)

LAYERS = (*FORWARD, *STEP, *SEQUENCE, *TRUNCATED)
MISCONCEPTIONS = (*LAYERS, *MEMORY)

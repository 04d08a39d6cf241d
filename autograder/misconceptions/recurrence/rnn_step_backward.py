"""Mistakes of recurrence/rnn in one step backward, which backpropagation through time repeats."""

import torch

from autograder.misconceptions.recurrence.rnn_steps import step_back, with_results, with_slope
from autograder.model import Misconception

STEP = (
    Misconception(
        "tanh-not-differentiated",
        "You leave out the derivative of tanh.",
        "dh is the gradient after tanh. Before tanh it is da = dh * (1 - h**2), and all the rest uses da.",
        with_slope(lambda given: torch.ones_like(given.h)),
    ),
    Misconception(
        "derivative-of-sigmoid",
        "You use the derivative of the sigmoid, h * (1 - h), in place of that of tanh.",
        "With h = tanh(a), the derivative by a is 1 - h**2.",
        with_slope(lambda given: given.h * (1 - given.h)),
    ),
    Misconception(
        "derivative-without-the-square",
        "You use 1 - h for the derivative of tanh.",
        "With h = tanh(a), the derivative by a is 1 - h**2: square the state.",
        with_slope(lambda given: 1 - given.h),
    ),
    Misconception(
        "derivative-at-tanh-of-h",
        "You apply tanh to h once more before you square it.",
        "h is tanh(a) already: the derivative by a is 1 - h**2.",
        with_slope(lambda given: 1 - given.h.tanh() ** 2),
    ),
    Misconception(
        "derivative-from-before-tanh",
        "You use 1 - a**2, where a is what tanh was applied to.",
        "The square is of the output: with h = tanh(a), the derivative is 1 - h**2.",
        with_slope(lambda given: 1 - given.h.clamp(-0.999999, 0.999999).atanh() ** 2),
        "RB06",
    ),
    Misconception(
        "derivative-at-previous-state",
        "You use the previous state in the derivative of tanh.",
        "The derivative is 1 - h**2, where h is the state that this tanh returned.",
        with_slope(lambda given: 1 - given.h_prev**2),
    ),
    Misconception(
        "wh-not-transposed",
        "You multiply by Wh where its transpose belongs, in dh_prev.",
        "h_prev went in as h_prev @ Wh: its gradient comes back as da @ Wh.T.",
        with_results(dh_prev=lambda given: given.da @ given.Wh),
        "RB08",
    ),
    Misconception(
        "wx-not-transposed",
        "You multiply by Wx where its transpose belongs, in dx.",
        "x went in as x @ Wx: its gradient comes back as da @ Wx.T, of shape (N, D).",
        with_results(dx=lambda given: given.da @ given.Wx),
    ),
    Misconception(
        "dh-prev-without-weights",
        "You leave out the weights of the state in dh_prev.",
        "h_prev went in as h_prev @ Wh: its gradient comes back through Wh.T.",
        with_results(dh_prev=lambda given: given.da),
    ),
    Misconception(
        "dh-prev-without-tanh",
        "You leave out the derivative of tanh in dh_prev.",
        "On its way from h to h_prev the gradient goes through tanh first, then through Wh: use da, not dh.",
        with_results(dh_prev=lambda given: given.dh @ given.Wh.T),
    ),
    Misconception(
        "dx-without-tanh",
        "You leave out the derivative of tanh in dx.",
        "On its way from h to x the gradient goes through tanh first, then through Wx: use da, not dh.",
        with_results(dx=lambda given: given.dh @ given.Wx.T),
    ),
    Misconception(
        "dwh-with-new-state",
        "You use the state after the step in dWh.",
        "Wh multiplied h_prev, the state before the step: dWh pairs da with h_prev.",
        with_results(dWh=lambda given: given.h.T @ given.da),
        "RB09",
    ),
    Misconception(
        "dwh-transposed",
        "Your dWh is transposed.",
        "Rows of Wh go with h_prev, columns with the new state: dWh is h_prev.T @ da.",
        with_results(dWh=lambda given: given.da.T @ given.h_prev),
    ),
    Misconception(
        "dwx-transposed",
        "Your dWx is transposed.",
        "Rows of Wx go with x, columns with the state: dWx is x.T @ da, of shape (D, H).",
        with_results(dWx=lambda given: given.da.T @ given.x),
    ),
    Misconception(
        "db-not-summed",
        "You do not sum db over the batch.",
        "The same b was added to each sequence: db is the sum of da over the batch, of shape (H,).",
        with_results(db=lambda given: given.da),
    ),
    Misconception(
        "db-with-a-spare-axis",
        "Your db has an extra axis of length 1.",
        "db has the shape of b, (H,): drop the axis that you summed over.",
        with_results(db=lambda given: given.da.sum(0, keepdim=True)),
    ),
    Misconception(
        "db-over-units",
        "You sum db over the units instead of over the batch.",
        "Each unit has its own bias: sum over axis 0, the batch, and keep the units.",
        with_results(db=lambda given: given.da.sum(1)),
    ),
    Misconception(
        "db-averaged-over-batch",
        "You divide db by the size of the batch.",
        "db is a plain sum of da over the batch: where the loss is a mean, dh has the 1/N in it already.",
        with_results(db=lambda given: given.da.mean(0)),
        "RB13",
    ),
    Misconception(
        "weights-averaged-over-batch",
        "You divide dWx and dWh by the size of the batch.",
        "They are plain sums over the batch: where the loss is a mean, dh has the 1/N in it already.",
        with_results(
            dWx=lambda given: step_back(given).dWx / len(given.x),
            dWh=lambda given: step_back(given).dWh / len(given.x),
        ),
    ),
    Misconception(
        "all-averaged-over-batch",
        "You divide dWx, dWh and db by the size of the batch.",
        "They are plain sums over the batch: where the loss is a mean, dh has the 1/N in it already.",
        with_results(
            dWx=lambda given: step_back(given).dWx / len(given.x),
            dWh=lambda given: step_back(given).dWh / len(given.x),
            db=lambda given: given.da.mean(0),
        ),
    ),
)

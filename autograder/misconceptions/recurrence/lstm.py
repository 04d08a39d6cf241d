"""Mistakes of recurrence/lstm: the forward passes here; orders, backward passes and peepholes beside this file.

LB10 is missing: what changes dc in place gives right values on a first call.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from autograder.misconceptions.recurrence.lstm_backward import BACKWARD
from autograder.misconceptions.recurrence.lstm_orders import ORDERS
from autograder.misconceptions.recurrence.lstm_peephole import PEEPHOLE
from autograder.misconceptions.recurrence.lstm_sequence import SEQUENCE
from autograder.misconceptions.recurrence.lstm_steps import Outputs, Step, Wrong, forwards, in_turn
from autograder.model import Misconception
from reference.recurrence.lstm import lstm_forward, lstm_step_forward


def _quotient(a: Tensor) -> Tensor:
    return a.exp() / (1 + a.exp())


def _exchanged() -> Wrong:
    """h and c in each other's place."""

    def swap(function: Callable[..., Outputs]) -> Callable[..., Outputs]:
        def swapped(*arrays: Tensor) -> Outputs:
            h, c, gates = function(*arrays)
            return c, h, gates

        return swapped

    return {name: swap(function) for name, function in forwards().items()}


def _carrying(h: bool, c: bool) -> Wrong:
    """Sequences that hand on the state or the cell, but not both: the other starts from h0 or c0 at each step."""

    def sequence(x: Tensor, h0: Tensor, c0: Tensor, *weights: Tensor) -> Outputs:
        last = h0, c0

        def step(x_t: Tensor, *_: Tensor) -> Outputs:
            nonlocal last
            found = lstm_step_forward(x_t, last[0] if h else h0, last[1] if c else c0, *weights)
            last = found[:2]
            return found

        return in_turn(step, x, h0, c0)

    return {"lstm_forward": sequence}


def _of_sequence(change: Callable[[Tensor], Tensor]) -> Wrong:
    """A sequence whose results are changed all alike."""

    def sequence(*arrays: Tensor) -> Outputs:
        h, c, gates = map(change, lstm_forward(*arrays))
        return h, c, gates

    return {"lstm_forward": sequence}


def _from_zero(x: Tensor, h0: Tensor, c0: Tensor, *weights: Tensor) -> Outputs:
    return lstm_forward(x, torch.zeros_like(h0), torch.zeros_like(c0), *weights)


def _coupled(s: Step) -> Tensor:
    return s.f * s.c_prev + (1 - s.f) * s.g


FORWARD = (
    Misconception(
        "cell-without-tanh",
        "You return o * c for the state, without tanh.",
        "h = o * tanh(c): states stay between -1 and 1, however much the cell has gathered.",
        forwards(h=lambda s: s.o * s.c),
        "LF03",
    ),
    Misconception(
        "sigmoid-candidate",
        "You apply the sigmoid to the candidate g, as Goodfellow's book does.",
        "Here g has a tanh, between -1 and 1, so that the cell can be lowered too. Only i, f and o are sigmoids.",
        forwards(g=lambda s: torch.sigmoid(s.a_g)),
        "LF04",
    ),
    Misconception(
        "candidate-without-tanh",
        "You add the candidate to the cell without applying tanh to it.",
        "g is the tanh of its block of the sum, as the three gates are the sigmoids of theirs.",
        forwards(g=lambda s: s.a_g),
    ),
    Misconception(
        "coupled-gates",
        "You use 1 - f in place of the input gate.",
        "i and f are independent gates, each with weights of its own: c = f * c_prev + i * g.",
        forwards(c=_coupled),
        "LF05",
    ),
    Misconception(
        "state-from-the-old-cell",
        "You compute the state from the cell before the step.",
        "First the new cell, c = f * c_prev + i * g, then the state from it: h = o * tanh(c).",
        forwards(h=lambda s: s.o * torch.tanh(s.c_prev)),
        "LF06",
    ),
    Misconception(
        "forget-gate-inverted",
        "You keep 1 - f of the cell.",
        "The forget gate says how much is kept: f = 1 keeps all of c_prev, f = 0 forgets it.",
        forwards(c=lambda s: (1 - s.f) * s.c_prev + s.i * s.g),
        "LF07",
    ),
    Misconception(
        "gates-overflow",
        "Your sigmoid is not finite for large numbers: an exponential overflows.",
        "exp(800) fits no float, and inf / inf is not a number: write the sigmoid such that no exponent is large.",
        forwards(**{gate: lambda s, name=f"a_{gate}": _quotient(getattr(s, name)) for gate in "ifo"}),
        "LF08",
    ),
    Misconception(
        "nothing-carried",
        "You leave out what the cell held before.",
        "The new cell is a sum of two terms: what is kept, f * c_prev, and what is added, i * g.",
        forwards(c=lambda s: s.i * s.g),
    ),
    Misconception(
        "nothing-forgotten",
        "You keep all of the previous cell, whatever the forget gate says.",
        "What is kept of c_prev is f * c_prev.",
        forwards(c=lambda s: s.c_prev + s.i * s.g),
    ),
    Misconception(
        "input-gate-left-out",
        "You add the whole candidate, whatever the input gate says.",
        "What is added to the cell is i * g.",
        forwards(c=lambda s: s.f * s.c_prev + s.g),
    ),
    Misconception(
        "output-gate-left-out",
        "You show the whole cell, whatever the output gate says.",
        "h = o * tanh(c): the output gate decides how much of the cell the state shows.",
        forwards(h=lambda s: torch.tanh(s.c)),
    ),
    Misconception(
        "tanh-into-the-cell",
        "You store tanh(c) as the cell.",
        "The cell itself has no tanh, so it can count: c = f * c_prev + i * g. Only h sees tanh(c).",
        forwards(c=lambda s: torch.tanh(s.f * s.c_prev + s.i * s.g), h=lambda s: s.o * s.c),
    ),
    Misconception(
        "gates-before-activation",
        "You return the gates as they are before the sigmoid and tanh.",
        "The array gates holds i, f, g and o themselves: the backward pass needs them, not their arguments.",
        forwards(gates=lambda s: s.a),
    ),
    Misconception(
        "bias-forgotten",
        "You leave out the biases.",
        "Each gate sees a sum of three terms: x @ Wx, h_prev @ Wh and its part of b.",
        forwards(a=lambda s: s.x @ s.Wx + s.h_prev @ s.Wh),
    ),
    Misconception(
        "bias-added-twice",
        "You add the biases twice.",
        "This layer has one bias for each gate (PyTorch's has two): add b once.",
        forwards(a=lambda s: s.x @ s.Wx + s.h_prev @ s.Wh + 2 * s.b),
    ),
    Misconception(
        "state-ignored",
        "You leave out the previous state.",
        "The gates see h_prev as well as x: x @ Wx + h_prev @ Wh + b.",
        forwards(a=lambda s: s.x @ s.Wx + s.b),
    ),
    Misconception(
        "h-and-c-exchanged",
        "You return the cell first and the state second.",
        "The order of the results is h, c, gates.",
        _exchanged(),
    ),
    Misconception(
        "h0-and-c0-ignored",
        "You start from zeros, not from h0 and c0.",
        "The state and the cell before the first step are h0 and c0.",
        {"lstm_forward": _from_zero},
    ),
    Misconception(
        "c0-ignored",
        "You start from an empty cell, not from c0.",
        "The cell before the first step is c0, as the state before it is h0.",
        {"lstm_forward": lambda x, h0, c0, *weights: lstm_forward(x, h0, torch.zeros_like(c0), *weights)},
    ),
    Misconception(
        "always-from-h0",
        "You take h0 for the previous state at every step.",
        "Step t starts from the h and the c that step t - 1 returned: keep both for the next round of the loop.",
        _carrying(h=False, c=True),
    ),
    Misconception(
        "always-from-c0",
        "You take c0 for the previous cell at every step.",
        "Step t starts from the h and the c that step t - 1 returned: keep both for the next round of the loop.",
        _carrying(h=True, c=False),
    ),
    Misconception(
        "only-the-last-step",
        "You return the last step only.",
        "The results have a time axis: h and c of shape (N, T, H), gates of shape (N, T, 4H).",
        _of_sequence(lambda part: part[:, -1]),
    ),
    Misconception(
        "time-first",
        "You return time first and the batch second.",
        "The results are batch first, of shape (N, T, ...): stack the steps along axis 1.",
        _of_sequence(lambda part: part.transpose(0, 1)),
    ),
)

MISCONCEPTIONS = (*ORDERS, *FORWARD, *BACKWARD, *SEQUENCE, *PEEPHOLE)

"""Mistakes of recurrence/lstm in the step with peepholes."""

from collections.abc import Callable

import torch
from torch import Tensor

from autograder.misconceptions.recurrence.lstm_steps import (
    BACKWARD,
    FORWARD,
    Formula,
    Outputs,
    Step,
    Wrong,
    backward_step,
    forward_step,
    gradients,
    peeping_backwards,
    peeping_forwards,
)
from autograder.model import Misconception

Change = Callable[[Tensor], Tensor]


def _seeing(change: Change) -> Wrong:
    """Both ways with changed peepholes; their gradients come back through the same change."""

    def forward(*arrays: Tensor) -> Outputs:
        return forward_step(FORWARD, *arrays[:-1], change(arrays[-1]))

    def backward(*arrays: Tensor) -> tuple[Tensor, ...]:
        step = backward_step(BACKWARD, *arrays[:-1], change(arrays[-1]))
        return *gradients(step), change(step.dpeephole)

    return {"lstm_peephole_step_forward": forward, "lstm_peephole_step_backward": backward}


def _without(*gates: str) -> Wrong:
    """Peepholes left out of some gates."""
    keep = torch.tensor([[gate not in gates] for gate in "ifo"], dtype=torch.float64)
    return _seeing(lambda peephole: keep * peephole)


def _pairs(i: Callable[[Step], Tensor], f: Callable[[Step], Tensor], o: Callable[[Step], Tensor]) -> dict[str, Formula]:
    """dpeephole from what each gate is said to have looked at."""
    seen = {"i": i, "f": f, "o": o}
    return {
        "dpeephole": lambda s: torch.stack([(getattr(s, f"da_{gate}") * cell(s)).sum(0) for gate, cell in seen.items()])
    }


def _old(s: Step) -> Tensor:
    return s.c_prev


def _new(s: Step) -> Tensor:
    return s.c


PEEPHOLE = (
    Misconception(
        "output-gate-peeks-at-the-old-cell",
        "Your output gate looks at the cell before the step.",
        "i and f look at c_prev, since c is not there yet; o comes last, and looks at the new c.",
        {
            **peeping_forwards(o=lambda s: torch.sigmoid(s.a_o + s.v_o * s.c_prev)),
            **peeping_backwards(
                dc_total=lambda s: s.dc + s.dh * s.o * s.slope,
                dc_prev=lambda s: s.dc_total * s.f + s.da_i * s.v_i + s.da_f * s.v_f + s.da_o * s.v_o,
                **_pairs(_old, _old, _old),
            ),
        },
        "LP1",
    ),
    Misconception(
        "peepholes-between-units",
        "You let each gate look at the cells of all units, in one sum.",
        "Peepholes are diagonal: unit j's gates look at cell j alone. Multiply entry by entry: v * c.",
        peeping_forwards(
            i=lambda s: torch.sigmoid(s.a_i + (s.v_i * s.c_prev).sum(1, keepdim=True)),
            f=lambda s: torch.sigmoid(s.a_f + (s.v_f * s.c_prev).sum(1, keepdim=True)),
            o=lambda s: torch.sigmoid(s.a_o + (s.v_o * s.c).sum(1, keepdim=True)),
        ),
        "LP2",
    ),
    Misconception(
        "no-peephole-at-the-input-gate",
        "You leave out the peephole of the input gate.",
        "All three gates have one: i sees v_i * c_prev beside x and h_prev.",
        _without("i"),
        "LP3",
    ),
    Misconception(
        "no-peephole-at-the-forget-gate",
        "You leave out the peephole of the forget gate.",
        "All three gates have one: f sees v_f * c_prev beside x and h_prev.",
        _without("f"),
    ),
    Misconception(
        "no-peephole-at-the-output-gate",
        "You leave out the peephole of the output gate.",
        "All three gates have one: o sees v_o * c beside x and h_prev.",
        _without("o"),
    ),
    Misconception(
        "no-peepholes",
        "You leave the peepholes out: this is the step without them.",
        "The gates look at the cell too: add v_i * c_prev, v_f * c_prev and v_o * c before the sigmoids.",
        _without("i", "f", "o"),
    ),
    Misconception(
        "candidate-peeks",
        "You give the third row of peephole to the candidate, and none to the output gate.",
        "The rows are v_i, v_f and v_o. The candidate g looks at no cell; the output gate looks at the new one.",
        peeping_forwards(
            g=lambda s: torch.tanh(s.a_g + s.v_o * s.c_prev),
            o=lambda s: torch.sigmoid(s.a_o),
        ),
        "LP4",
    ),
    Misconception(
        "peephole-rows-exchanged",
        "You take the first row of peephole for the forget gate and the second for the input gate.",
        "The rows are v_i, v_f and v_o, in the order of the blocks of gates.",
        _seeing(lambda peephole: peephole[[1, 0, 2]]),
    ),
    Misconception(
        "peeks-at-tanh-of-the-cell",
        "Your gates look at tanh of the cell.",
        "They look at the cell itself: v_i * c_prev, v_f * c_prev and v_o * c.",
        peeping_forwards(
            i=lambda s: torch.sigmoid(s.a_i + s.v_i * torch.tanh(s.c_prev)),
            f=lambda s: torch.sigmoid(s.a_f + s.v_f * torch.tanh(s.c_prev)),
            o=lambda s: torch.sigmoid(s.a_o + s.v_o * torch.tanh(s.c)),
        ),
    ),
    Misconception(
        "no-path-through-the-output-gate",
        "You leave out the path from the new cell into the output gate.",
        "o looked at c, so the gradient before o's sigmoid, times v_o, belongs to dc before anything else uses it.",
        peeping_backwards(dc_total=lambda s: s.dc + s.dh * s.o * s.slope),
        "LP5",
    ),
    Misconception(
        "no-path-to-the-old-cell",
        "You leave out the paths from the previous cell into the input and the forget gate.",
        "i and f looked at c_prev: add their gradients before the sigmoid, times v_i and v_f, to dc_prev.",
        peeping_backwards(dc_prev=lambda s: s.dc_total * s.f),
        "LP6",
    ),
    Misconception(
        "path-to-the-old-cell-after-the-gate",
        "You multiply what comes through the peepholes of i and f by the forget gate too.",
        "c_prev has three readers, each with its own factor: f * c_prev, and v_i and v_f before the sigmoids.",
        peeping_backwards(dc_prev=lambda s: (s.dc_total + s.da_i * s.v_i + s.da_f * s.v_f) * s.f),
    ),
    Misconception(
        "peepholes-paired-with-the-new-cell",
        "You pair all three rows of dpeephole with the new cell.",
        "Each row goes with what its gate looked at: c_prev for i and f, c for o.",
        peeping_backwards(**_pairs(_new, _new, _new)),
    ),
    Misconception(
        "peepholes-paired-with-the-old-cell",
        "You pair all three rows of dpeephole with the previous cell.",
        "Each row goes with what its gate looked at: c_prev for i and f, c for o.",
        peeping_backwards(**_pairs(_old, _old, _old)),
    ),
    Misconception(
        "dpeephole-not-summed",
        "You do not sum dpeephole over the batch.",
        "The same peepholes served all samples: each row is a sum over the batch, and dpeephole has shape (3, H).",
        peeping_backwards(dpeephole=lambda s: torch.stack((s.da_i * s.c_prev, s.da_f * s.c_prev, s.da_o * s.c))),
    ),
)

"""What the wrong models of recurrence/lstm are made of: the formulas of a step, of which a mistake replaces some."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor

from autograder.misconceptions.numpy_like import numpy_errors

Wrong = Mapping[str, Callable[..., Any]]
Formula = Callable[["Step"], Tensor]
Outputs = tuple[Tensor, Tensor, Tensor]


class Step:
    """What a step is given, and what its formulas make of it, each worked out when it is first asked for."""

    def __init__(self, formulas: Mapping[str, Formula], **given: Tensor) -> None:
        vars(self).update(given)
        self._formulas = formulas

    def __getattr__(self, name: str) -> Tensor:
        found = vars(self)[name] = self._formulas[name](self)
        return found


def block(number: int, of: str) -> Formula:
    """One of the four blocks of an array."""
    return lambda step: getattr(step, of).chunk(4, -1)[number]


def joined(*names: str) -> Formula:
    return lambda step: torch.cat([getattr(step, name) for name in names], -1)


FORWARD: Mapping[str, Formula] = {
    "a": lambda s: s.x @ s.Wx + s.h_prev @ s.Wh + s.b,
    **{f"a_{gate}": block(number, "a") for number, gate in enumerate("ifgo")},
    "i": lambda s: torch.sigmoid(s.a_i + s.v_i * s.c_prev),
    "f": lambda s: torch.sigmoid(s.a_f + s.v_f * s.c_prev),
    "g": lambda s: torch.tanh(s.a_g),
    "c": lambda s: s.f * s.c_prev + s.i * s.g,
    "o": lambda s: torch.sigmoid(s.a_o + s.v_o * s.c),
    "h": lambda s: s.o * torch.tanh(s.c),
    "gates": joined("i", "f", "g", "o"),
}

BACKWARD: Mapping[str, Formula] = {
    **{gate: block(number, "gates") for number, gate in enumerate("ifgo")},
    "slope": lambda s: 1 - torch.tanh(s.c) ** 2,
    "da_o": lambda s: s.dh * torch.tanh(s.c) * s.o * (1 - s.o),
    "dc_total": lambda s: s.dc + s.dh * s.o * s.slope + s.da_o * s.v_o,
    "da_i": lambda s: s.dc_total * s.g * s.i * (1 - s.i),
    "da_f": lambda s: s.dc_total * s.c_prev * s.f * (1 - s.f),
    "da_g": lambda s: s.dc_total * s.i * (1 - s.g**2),
    "da": joined("da_i", "da_f", "da_g", "da_o"),
    "dx": lambda s: s.da @ s.Wx.T,
    "dh_prev": lambda s: s.da @ s.Wh.T,
    "dc_prev": lambda s: s.dc_total * s.f + s.da_i * s.v_i + s.da_f * s.v_f,
    "dWx": lambda s: s.x.T @ s.da,
    "dWh": lambda s: s.h_prev.T @ s.da,
    "db": lambda s: s.da.sum(0),
    "dpeephole": lambda s: torch.stack(((s.da_i * s.c_prev).sum(0), (s.da_f * s.c_prev).sum(0), (s.da_o * s.c).sum(0))),
}


class Gradients(NamedTuple):
    """What a step backward returns; for a sequence, dh_prev and dc_prev are dh0 and dc0."""

    dx: Tensor
    dh_prev: Tensor
    dc_prev: Tensor
    dWx: Tensor
    dWh: Tensor
    db: Tensor


def forward_step(
    formulas: Mapping[str, Formula], x: Tensor, h: Tensor, c: Tensor, Wx: Tensor, Wh: Tensor, b: Tensor, *more: Tensor
) -> Outputs:
    v_i, v_f, v_o = more[0] if more else h.new_zeros(3, 1)
    step = Step(formulas, x=x, h_prev=h, c_prev=c, Wx=Wx, Wh=Wh, b=b, v_i=v_i, v_f=v_f, v_o=v_o)
    return step.h, step.c, step.gates


def forwards(**wrong: Formula) -> Wrong:
    """All three forward passes, with some formulas replaced."""
    formulas = {**FORWARD, **wrong}

    @numpy_errors()
    def step(*arrays: Tensor) -> Outputs:
        return forward_step(formulas, *arrays)

    return {
        "lstm_step_forward": step,
        "lstm_forward": lambda *arrays: in_turn(step, *arrays),
        "lstm_peephole_step_forward": step,
    }


def in_turn(step: Callable[..., Outputs], x: Tensor, h: Tensor, c: Tensor, *weights: Tensor) -> Outputs:
    """Such steps, one after the other."""
    found = []
    for x_t in x.unbind(1):
        h, c, gates = step(x_t, h, c, *weights)
        found.append((h, c, gates))
    all_h, all_c, all_gates = (torch.stack(part, 1) for part in zip(*found, strict=True))
    return all_h, all_c, all_gates


def backward_step(
    formulas: Mapping[str, Formula], dh: Tensor, dc: Tensor, x: Tensor, h_prev: Tensor, c_prev: Tensor, c: Tensor,
    gates: Tensor, Wx: Tensor, Wh: Tensor, *more: Tensor,
) -> Step:  # fmt: skip
    v_i, v_f, v_o = more[0] if more else c.new_zeros(3, 1)
    given = {"dh": dh, "dc": dc, "x": x, "h_prev": h_prev, "c_prev": c_prev, "c": c, "gates": gates}
    return Step(formulas, **given, Wx=Wx, Wh=Wh, v_i=v_i, v_f=v_f, v_o=v_o)


def gradients(step: Step) -> Gradients:
    return Gradients(step.dx, step.dh_prev, step.dc_prev, step.dWx, step.dWh, step.db)


def peeping_forwards(**wrong: Formula) -> Wrong:
    """The step with peepholes alone, with some formulas replaced."""
    return {"lstm_peephole_step_forward": forwards(**wrong)["lstm_peephole_step_forward"]}


def peeping_backwards(**wrong: Formula) -> Wrong:
    formulas = {**BACKWARD, **wrong}

    @numpy_errors()
    def step(*arrays: Tensor) -> tuple[Tensor, ...]:
        found = backward_step(formulas, *arrays)
        return *gradients(found), found.dpeephole

    return {"lstm_peephole_step_backward": step}

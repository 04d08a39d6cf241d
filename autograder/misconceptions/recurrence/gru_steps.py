"""What the wrong models of recurrence/gru are made of: the formulas of a step, of which a mistake replaces some."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor

from autograder.misconceptions.numpy_like import numpy_errors

Wrong = Mapping[str, Callable[..., Any]]
Formula = Callable[["Step"], Tensor]
Formulas = Mapping[str, Formula]
Outputs = tuple[Tensor, Tensor]


class Step:
    """What a step is given, and what its formulas make of it, one after the other."""

    def __init__(self, formulas: Formulas, **given: Tensor) -> None:
        vars(self).update(given)
        for name, formula in formulas.items():
            vars(self)[name] = formula(self)

    def __getattr__(self, name: str) -> Tensor:
        raise AttributeError(name)


def blocks(of: str, to: str, order: str = "rzn") -> dict[str, Formula]:
    """Formulas for the three blocks of an array, which is in such an order: `blocks("gates", "{}")`."""
    return {to.format(gate): _block(of, number) for number, gate in enumerate(order)}


def _block(of: str, number: int) -> Formula:
    return lambda step: getattr(step, of).chunk(3, -1)[number]


def stacked(form: str, order: str = "rzn") -> Formula:
    """The three arrays side by side: `stacked("da_{}")`."""
    return lambda step: torch.cat([getattr(step, form.format(gate)) for gate in order], -1)


# of_x and of_h are what the candidate is told by the input and by the state: the conventions differ in of_h.
GATES: Formulas = {
    **blocks("Wx", "Wx_{}"), **blocks("Wh", "Wh_{}"), **blocks("bx", "bx_{}"), **blocks("bh", "bh_{}"),
    "a_r": lambda s: s.x @ s.Wx_r + s.bx_r + s.h_prev @ s.Wh_r + s.bh_r,
    "a_z": lambda s: s.x @ s.Wx_z + s.bx_z + s.h_prev @ s.Wh_z + s.bh_z,
    "r": lambda s: torch.sigmoid(s.a_r),
    "z": lambda s: torch.sigmoid(s.a_z),
    "of_x": lambda s: s.x @ s.Wx_n + s.bx_n,
}  # fmt: skip
STATE: Formulas = {
    "a_n": lambda s: s.of_x + s.of_h,
    "n": lambda s: torch.tanh(s.a_n),
    "h": lambda s: s.z * s.h_prev + (1 - s.z) * s.n,
    "gates": stacked("{}"),
}
LECTURE: Formulas = {**GATES, "of_h": lambda s: (s.r * s.h_prev) @ s.Wh_n, **STATE}
CUDNN: Formulas = {**GATES, "of_h": lambda s: s.r * (s.h_prev @ s.Wh_n + s.bh_n), **STATE}

BACKWARD: Formulas = {
    **blocks("gates", "{}"), **blocks("Wh", "Wh_{}"),
    "da_z": lambda s: s.dh * (s.h_prev - s.n) * s.z * (1 - s.z),
    "da_n": lambda s: s.dh * (1 - s.z) * (1 - s.n**2),
    "d_read": lambda s: s.da_n @ s.Wh_n.T,  # the gradient of r * h_prev
    "da_r": lambda s: s.d_read * s.h_prev * s.r * (1 - s.r),
    "da": stacked("da_{}"),
    "dx": lambda s: s.da @ s.Wx.T,
    "kept": lambda s: s.dh * s.z,
    "read": lambda s: s.d_read * s.r,
    "through_gates": lambda s: s.da_r @ s.Wh_r.T + s.da_z @ s.Wh_z.T,
    "dh_prev": lambda s: s.kept + s.read + s.through_gates,
    "dWx": lambda s: s.x.T @ s.da,
    "dWh_r": lambda s: s.h_prev.T @ s.da_r,
    "dWh_z": lambda s: s.h_prev.T @ s.da_z,
    "dWh_n": lambda s: (s.r * s.h_prev).T @ s.da_n,
    "dWh": stacked("dWh_{}"),
    "db": lambda s: s.da.sum(0),
}  # fmt: skip


class Gradients(NamedTuple):
    """What a step backward returns; for a sequence, dh_prev is dh0."""

    dx: Tensor
    dh_prev: Tensor
    dWx: Tensor
    dWh: Tensor
    db: Tensor


def in_turn(step: Callable[..., Outputs], x: Tensor, h: Tensor, *weights: Tensor) -> Outputs:
    """Such steps, one after the other."""
    found = []
    for x_t in x.unbind(1):
        h, gates = step(x_t, h, *weights)
        found.append((h, gates))
    all_h, all_gates = (torch.stack(part, 1) for part in zip(*found, strict=True))
    return all_h, all_gates


def forwards(**wrong: Formula) -> Wrong:
    """The step and the sequence, with some formulas of the lecture's replaced."""
    formulas = {**LECTURE, **wrong}

    @numpy_errors()
    def step(x: Tensor, h_prev: Tensor, Wx: Tensor, Wh: Tensor, b: Tensor) -> Outputs:
        found = Step(formulas, x=x, h_prev=h_prev, Wx=Wx, Wh=Wh, bx=b, bh=torch.zeros_like(b))
        return found.h, found.gates

    return {"gru_step_forward": step, "gru_forward": lambda *arrays: in_turn(step, *arrays)}


def cudnn(**wrong: Formula) -> Wrong:
    """PyTorch's step, with some formulas replaced."""
    formulas = {**CUDNN, **wrong}

    @numpy_errors()
    def step(x: Tensor, h_prev: Tensor, Wx: Tensor, Wh: Tensor, bx: Tensor, bh: Tensor) -> Tensor:
        return Step(formulas, x=x, h_prev=h_prev, Wx=Wx, Wh=Wh, bx=bx, bh=bh).h

    return {"gru_step_cudnn": step}


def everywhere(**wrong: Formula) -> Wrong:
    """Both conventions, with formulas replaced that they share."""
    return {**forwards(**wrong), **cudnn(**wrong)}


@dataclass(frozen=True, slots=True)
class Sequence:
    """What a sequence's backward pass is given, with the state before each step."""

    dh: Tensor
    x: Tensor
    h_prev: Tensor
    h: Tensor
    gates: Tensor
    Wx: Tensor
    Wh: Tensor

    def step(self, t: int, carried: Tensor, formulas: Formulas) -> Gradients:
        """Step t, where later steps sent `carried` to its state."""
        before = self.x[:, t], self.h_prev[:, t], self.gates[:, t]
        return backward_step(formulas, self.dh[:, t] + carried, *before, self.Wx, self.Wh)


def backward_step(
    formulas: Formulas, dh: Tensor, x: Tensor, h_prev: Tensor, gates: Tensor, Wx: Tensor, Wh: Tensor
) -> Gradients:
    step = Step(formulas, dh=dh, x=x, h_prev=h_prev, gates=gates, Wx=Wx, Wh=Wh)
    return Gradients(step.dx, step.dh_prev, step.dWx, step.dWh, step.db)


def through_time(
    given: Sequence, formulas: Formulas = BACKWARD, *, carrying: bool = True, forward: bool = False
) -> list[Gradients]:
    """The gradients of each step, first to last, where each hands dh_prev on to the step before it.

    Wrongly, it may keep them to itself, or go forward in time.
    """
    times = range(given.x.shape[1])
    nothing = torch.zeros_like(given.h[:, 0])
    carried, found = nothing, {}
    for t in times if forward else reversed(times):
        found[t] = given.step(t, carried, formulas)
        carried = found[t].dh_prev if carrying else nothing
    return [found[t] for t in times]


def together(steps: list[Gradients]) -> Gradients:
    """The gradients of a sequence from those of its steps: those of the weights add up."""
    dx, dh_prev, *weights = (list(parts) for parts in zip(*steps, strict=True))
    return Gradients(torch.stack(dx, 1), dh_prev[0], *(torch.stack(part).sum(0) for part in weights))


def _given(dh: Tensor, x: Tensor, h0: Tensor, h: Tensor, gates: Tensor, Wx: Tensor, Wh: Tensor) -> Sequence:
    return Sequence(dh, x, torch.cat((h0[:, None], h[:, :-1]), 1), h, gates, Wx, Wh)


def backwards(**wrong: Formula) -> Wrong:
    """Both backward passes, with some formulas replaced."""
    formulas = {**BACKWARD, **wrong}

    @numpy_errors()
    def step(*arrays: Tensor) -> Gradients:
        return backward_step(formulas, *arrays)

    @numpy_errors()
    def sequence(*arrays: Tensor) -> Gradients:
        return together(through_time(_given(*arrays), formulas))

    return {"gru_step_backward": step, "gru_backward": sequence}


def in_time(model: Callable[[Sequence], Gradients]) -> Wrong:
    """A wrong backpropagation through time."""
    return {"gru_backward": lambda *arrays: model(_given(*arrays))}

"""What the wrong models of recurrence/rnn are made of: steps, and ways through time."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor

from autograder.misconceptions.numpy_like import numpy_errors
from reference.gradients import vjp

Wrong = Mapping[str, Callable[..., Any]]


class Gradients(NamedTuple):
    """What a step backward returns; for a sequence, dh_prev is dh0."""

    dx: Tensor
    dh_prev: Tensor
    dWx: Tensor
    dWh: Tensor
    db: Tensor


@dataclass(frozen=True, slots=True)
class Given:
    """What a step backward is given; of a sequence, dh, x, h_prev and h have a time axis."""

    dh: Tensor
    x: Tensor
    h_prev: Tensor
    h: Tensor
    Wx: Tensor
    Wh: Tensor

    @property
    def da(self) -> Tensor:
        """The gradient before tanh."""
        return self.dh * (1 - self.h**2)

    def at(self, t: int, carried: Tensor) -> "Given":
        """Step t, where later steps sent `carried` to its state."""
        dh = self.dh[:, t] + carried
        return Given(dh, self.x[:, t], self.h_prev[:, t], self.h[:, t], self.Wx, self.Wh)


StepBack = Callable[[Given], Gradients]


def forwards(step: Callable[[Tensor, Tensor, Tensor, Tensor, Tensor], Tensor]) -> Wrong:
    """A wrong step, and a sequence of such steps."""

    @numpy_errors()
    def sequence(x: Tensor, h0: Tensor, Wx: Tensor, Wh: Tensor, b: Tensor) -> Tensor:
        states = [h0]
        for x_t in x.unbind(1):
            states.append(step(x_t, states[-1], Wx, Wh, b))
        return torch.stack(states[1:], 1)

    return {"rnn_step_forward": numpy_errors()(step), "rnn_forward": sequence}


def _before_tanh(x: Tensor, h_prev: Tensor, Wx: Tensor, Wh: Tensor, b: Tensor) -> Tensor:
    return x @ Wx + h_prev @ Wh + b


def step_back(given: Given, da: Tensor | None = None) -> Gradients:
    """A right step, but for the gradient before tanh if one is named."""
    inputs = {"x": given.x, "h_prev": given.h_prev, "Wx": given.Wx, "Wh": given.Wh, "b": given.Wh[0]}
    found = vjp(_before_tanh, inputs, tuple(inputs), (given.da if da is None else da,))
    return Gradients(*found.values())


def sequence_given(dh: Tensor, x: Tensor, h0: Tensor, h: Tensor, Wx: Tensor, Wh: Tensor) -> Given:
    return Given(dh, x, torch.cat((h0[:, None], h[:, :-1]), 1), h, Wx, Wh)


def through_time(
    given: Given, step: StepBack = step_back, *, forward: bool = False, piling_up: bool = False
) -> list[Gradients]:
    """The gradients of each step, first to last, where each hands dh_prev on to the step before it.

    Wrongly, it may go forward in time, or hand on all that was handed to it as well.
    """
    times = range(given.x.shape[1])
    carried, found = torch.zeros_like(given.h[:, 0]), {}
    for t in times if forward else reversed(times):
        found[t] = step(given.at(t, carried))
        carried = found[t].dh_prev + carried if piling_up else found[t].dh_prev
    return [found[t] for t in times]


Windows = Iterable[tuple[int, int, int]]  # first step, last step, and first step whose loss is sent back


def sliding(k: int) -> Callable[[int], Windows]:
    """For T steps, the windows of truncated backpropagation: each loss has one of its own, of k steps."""
    return lambda steps: [(max(0, last - k + 1), last, last) for last in range(steps) if k > 0]


def in_windows(given: Given, windows: Windows, step: StepBack = step_back) -> Gradients:
    """What several windows send back, added up; dh0 gets it from those that reach step 0."""
    return added_up(given, [window_gradients(given, *window, step) for window in windows])


def window_gradients(given: Given, first: int, last: int, loss: int, step: StepBack = step_back) -> Gradients:
    """What the losses of steps `loss` to `last` send back down to step `first`, with dx of the whole length."""
    part = slice(first, last + 1)
    dh = torch.cat((torch.zeros_like(given.dh[:, first:loss]), given.dh[:, loss : last + 1]), 1)
    cut = Given(dh, given.x[:, part], given.h_prev[:, part], given.h[:, part], given.Wx, given.Wh)
    found = together(through_time(cut, step))
    dx = torch.zeros((*given.x.shape[:2], found.dx.shape[-1]), dtype=given.x.dtype)
    dx[:, part] = found.dx
    return found._replace(dx=dx, dh_prev=found.dh_prev * (first == 0))


def added_up(given: Given, found: list[Gradients]) -> Gradients:
    """The sum of what windows sent, or zeros if there are none."""
    if not found:
        return Gradients(*(torch.zeros_like(gradient) for gradient in together(alone(given))))
    return Gradients(*(torch.stack(each).sum(0) for each in zip(*found, strict=True)))


def truncated(model: Callable[[Given, int], Gradients]) -> Wrong:
    """A wrong truncated backpropagation."""

    @numpy_errors()
    def function(dh: Tensor, x: Tensor, h0: Tensor, h: Tensor, Wx: Tensor, Wh: Tensor, k: int) -> Gradients:
        return model(sequence_given(dh, x, h0, h, Wx, Wh), k)

    return {"rnn_backward_truncated": function}


def alone(given: Given) -> list[Gradients]:
    """The gradients of each step when none hands anything on."""
    nothing = torch.zeros_like(given.h[:, 0])
    return [step_back(given.at(t, nothing)) for t in range(given.x.shape[1])]


def together(steps: list[Gradients]) -> Gradients:
    """The gradients of a sequence from those of its steps: those of the weights add up."""
    dx, dh_prev, *weights = (list(gradients) for gradients in zip(*steps, strict=True))
    return Gradients(torch.stack(dx, 1), dh_prev[0], *(torch.stack(each).sum(0) for each in weights))


def backwards(step: StepBack) -> Wrong:
    """A wrong step backward, and backpropagation through time with it, truncated or not."""

    @numpy_errors()
    def one(dh: Tensor, x: Tensor, h_prev: Tensor, h: Tensor, Wx: Tensor, Wh: Tensor) -> Gradients:
        return step(Given(dh, x, h_prev, h, Wx, Wh))

    @numpy_errors()
    def sequence(dh: Tensor, x: Tensor, h0: Tensor, h: Tensor, Wx: Tensor, Wh: Tensor) -> Gradients:
        return together(through_time(sequence_given(dh, x, h0, h, Wx, Wh), step))

    in_parts = truncated(lambda given, k: in_windows(given, sliding(k)(given.x.shape[1]), step))
    return {"rnn_step_backward": one, "rnn_backward": sequence, **in_parts}


def with_slope(slope: Callable[[Given], Tensor]) -> Wrong:
    """Both backward passes with another derivative of tanh."""
    return backwards(lambda given: step_back(given, given.dh * slope(given)))


def with_results(**results: Callable[[Given], Tensor]) -> Wrong:
    """Both backward passes, right but for these results of a step."""

    def step(given: Given) -> Gradients:
        return step_back(given)._replace(**{name: result(given) for name, result in results.items()})

    return backwards(step)


def in_time(model: Callable[[Given], Gradients]) -> Wrong:
    """A wrong backpropagation through time, over the whole sequence."""

    def sequence(dh: Tensor, x: Tensor, h0: Tensor, h: Tensor, Wx: Tensor, Wh: Tensor) -> Gradients:
        return model(sequence_given(dh, x, h0, h, Wx, Wh))

    return {"rnn_backward": sequence}

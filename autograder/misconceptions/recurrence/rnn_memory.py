"""Mistakes of recurrence/rnn in clipping and in leaky units.

CG07 is missing: what changes the gradients in place gives right values, and is advice.
"""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from autograder.model import Misconception
from reference.recurrence.rnn import clip_grad_norm, leaky_unit

Grads = Mapping[str, Tensor]
Clipped = tuple[dict[str, Tensor], Tensor]
Wrong = Mapping[str, Callable[..., object]]


def _scaled(grads: Grads, scale: Tensor | float) -> dict[str, Tensor]:
    return {name: grad * scale for name, grad in grads.items()}


def _by_norm(norm: Callable[[list[Tensor]], Tensor]) -> Wrong:
    """Another norm of all gradients, from those of the single arrays."""

    def clip(grads: Grads, max_norm: float) -> Clipped:
        found = norm([torch.linalg.vector_norm(grad) for grad in grads.values()])
        return _scaled(grads, (max_norm / found).clamp(max=1.0)), found

    return {"clip_grad_norm": clip}


def _clipped(change: Callable[[Grads, float, Tensor], dict[str, Tensor]]) -> Wrong:
    """The right norm, with other gradients."""

    def clip(grads: Grads, max_norm: float) -> Clipped:
        norm = clip_grad_norm(grads, max_norm)[1]
        return change(grads, max_norm, norm), norm

    return {"clip_grad_norm": clip}


def _each_by_its_own(grads: Grads, max_norm: float, norm: Tensor) -> dict[str, Tensor]:
    return {name: clip_grad_norm({name: grad}, max_norm)[0][name] for name, grad in grads.items()}


def _by_value(grads: Grads, max_norm: float, norm: Tensor) -> dict[str, Tensor]:
    return {name: grad.clamp(-max_norm, max_norm) for name, grad in grads.items()}


def _norm_after(grads: Grads, max_norm: float) -> Clipped:
    clipped, norm = clip_grad_norm(grads, max_norm)
    return clipped, norm.clamp(max=max_norm)


def _leaky(model: Callable[[Tensor, float, float], Tensor]) -> Wrong:
    return {"leaky_unit": lambda v, alpha, mu0=0.0: model(v, alpha, mu0)}


def _one_late(v: Tensor, alpha: float, mu0: float) -> Tensor:
    return torch.cat((torch.full_like(v[:1], mu0), leaky_unit(v, alpha, mu0)[:-1]))


def _not_carried(v: Tensor, alpha: float, mu0: float) -> Tensor:
    return alpha * mu0 + (1 - alpha) * v


def _share_forgotten(v: Tensor, alpha: float, mu0: float) -> Tensor:
    return leaky_unit(v / (1 - alpha), alpha, mu0) if alpha < 1 else mu0 + v.cumsum(0)


def _of_input_before(v: Tensor, alpha: float, mu0: float) -> Tensor:
    before = torch.cat((torch.full_like(v[:1], mu0), v[:-1]))
    return alpha * before + (1 - alpha) * v


MEMORY = (
    Misconception(
        "clipped-one-by-one",
        "You clip each array by its own norm.",
        "One norm and one factor for all arrays together: the direction of the whole gradient must stay.",
        _clipped(_each_by_its_own),
        "CG01",
    ),
    Misconception(
        "clipped-by-value",
        "You cut off single entries at max_norm.",
        "Clipping by the norm multiplies all entries by the same factor, so that their proportions stay.",
        _clipped(_by_value),
        "CG02",
    ),
    Misconception(
        "always-rescaled",
        "You bring short gradients up to max_norm too.",
        "Only shorten: the factor is min(1, max_norm / norm), and gradients of zero stay zero.",
        _clipped(lambda grads, max_norm, norm: _scaled(grads, max_norm / norm)),
        "CG03",
    ),
    Misconception(
        "norms-added",
        "You add up the norms of the arrays.",
        "The norm of all entries together is the root of the sum of all squares: square before you add.",
        _by_norm(lambda norms: torch.stack(norms).sum()),
        "CG04",
    ),
    Misconception(
        "root-forgotten",
        "You take the sum of the squares for the norm.",
        "The norm is the square root of the sum of all squares.",
        _by_norm(lambda norms: (torch.stack(norms) ** 2).sum()),
        "CG05",
    ),
    Misconception(
        "largest-norm",
        "You take the largest norm of any one array.",
        "The norm is that of all entries of all arrays together: the root of the sum of all squares.",
        _by_norm(lambda norms: torch.stack(norms).max()),
    ),
    Misconception(
        "norm-after-clipping",
        "You return the norm after clipping.",
        "The norm before clipping is what tells whether gradients explode: compute it first, return it unchanged.",
        {"clip_grad_norm": _norm_after},
        "CG06",
    ),
    Misconception(
        "divided-by-the-norm",
        "You divide by the norm and leave out max_norm.",
        "The factor is max_norm / norm, so that what is left has the norm max_norm.",
        _clipped(lambda grads, max_norm, norm: _scaled(grads, 1 / norm if norm > max_norm else 1.0)),
    ),
    Misconception(
        "epsilon-in-the-factor",
        "You add a small number to the norm that you divide by.",
        "The factor is min(1, max_norm / norm): where norm > max_norm > 0 there is nothing to protect from.",
        _clipped(lambda grads, max_norm, norm: _scaled(grads, (max_norm / (norm + 1e-6)).clamp(max=1.0))),
    ),
    Misconception(
        "alpha-exchanged",
        "You give the old value the share 1 - alpha and the new one the share alpha.",
        "alpha is what stays: mu_t = alpha * mu_{t-1} + (1 - alpha) * v_t.",
        _leaky(lambda v, alpha, mu0: leaky_unit(v, 1 - alpha, mu0)),
    ),
    Misconception(
        "mu0-ignored",
        "You start from 0, not from mu0.",
        "The value before the first step is mu0.",
        _leaky(lambda v, alpha, mu0: leaky_unit(v, alpha)),
    ),
    Misconception(
        "starts-from-the-first-input",
        "You start with v[0] in place of a share of it.",
        "The first step is a step like the others: mu_0 = alpha * mu0 + (1 - alpha) * v_0.",
        _leaky(lambda v, alpha, mu0: leaky_unit(v, alpha, float(v[0]))),
    ),
    Misconception(
        "input-not-weighted",
        "You add the whole of v_t to what stays.",
        "What comes in has the share 1 - alpha: mu_t = alpha * mu_{t-1} + (1 - alpha) * v_t.",
        _leaky(_share_forgotten),
    ),
    Misconception(
        "leak-not-carried-on",
        "You start every step from mu0.",
        "Step t starts from the value of step t - 1: keep it for the next round of the loop.",
        _leaky(_not_carried),
    ),
    Misconception(
        "input-before-for-mean",
        "You mix v_t with v_{t-1}, the input before, in place of mu_{t-1}.",
        "What stays is a share of the unit's own last value, which holds all that came before.",
        _leaky(_of_input_before),
    ),
    Misconception(
        "only-the-last-mean",
        "You return the last value only.",
        "The result has shape (T,): store the value of every step.",
        _leaky(lambda v, alpha, mu0: leaky_unit(v, alpha, mu0)[-1]),
    ),
    Misconception(
        "mu0-among-the-means",
        "You return mu0 as well, in front of the values.",
        "The result has T values, those after each step; mu0 is before the first.",
        _leaky(lambda v, alpha, mu0: torch.cat((torch.full_like(v[:1], mu0), leaky_unit(v, alpha, mu0)))),
    ),
    Misconception(
        "mean-one-step-late",
        "You store the value before each step instead of the value after it.",
        "mu_t has v_t in it: first compute, then store.",
        _leaky(_one_late),
    ),
)

"""Mistakes of convnets/layers in batch normalisation: the backward pass is beside this file."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from autograder.misconceptions.convnets.layers_batchnorm_backward import ALL, BACKWARD, Wrong, wide
from autograder.model import Misconception
from reference.convnets.layers import batchnorm2d_forward


@dataclass(frozen=True, slots=True)
class Pass:
    """What a forward pass gets."""

    x: Tensor
    gamma: Tensor
    beta: Tensor
    running_mean: Tensor
    running_var: Tensor
    training: bool
    momentum: float = 0.1
    eps: float = 1e-5

    @property
    def mean(self) -> Tensor:
        """What x is shifted by."""
        return wide(self.x.mean(ALL) if self.training else self.running_mean)

    @property
    def var(self) -> Tensor:
        """What x is divided by the root of, without eps."""
        return wide(self.x.var(ALL, correction=0) if self.training else self.running_var)

    def out(
        self,
        mean: Tensor | None = None,
        var: Tensor | None = None,
        deviation: Tensor | None = None,
        affine: bool = True,
    ) -> Tensor:
        """The output with other statistics, or with another deviation."""
        deviation = ((self.var if var is None else var) + self.eps).sqrt() if deviation is None else deviation
        normal = (self.x - (self.mean if mean is None else mean)) / deviation
        return wide(self.gamma) * normal + wide(self.beta) if affine else normal

    def blend(self, old: Tensor, new: Tensor) -> Tensor:
        return (1 - self.momentum) * old + self.momentum * new


Result = Callable[[Pass], Tensor]


def _forward(out: Result | None = None, new_mean: Result | None = None, new_var: Result | None = None) -> Wrong:
    """The right forward pass, but for the results given."""

    def model(*arguments: Any, **options: Any) -> tuple[Tensor, ...]:
        given = Pass(*arguments, **options)
        right = batchnorm2d_forward(*arguments, **options)
        return tuple(f(given) if f else value for f, value in zip((out, new_mean, new_var), right, strict=True))

    return {"batchnorm2d_forward": model}


def _in_training(wrong: Result) -> Result:
    return lambda given: wrong(given) if given.training else given.out()


def _in_evaluation(wrong: Result) -> Result:
    return lambda given: given.out() if given.training else wrong(given)


def _over(*axes: int) -> Result:
    """Statistics over other axes."""

    def out(given: Pass) -> Tensor:
        mean, var = given.x.mean(axes, keepdim=True), given.x.var(axes, correction=0, keepdim=True)
        return given.out(mean, var)

    return _in_training(out)


def _swapped(name: str, new: Result) -> Result:
    def result(given: Pass) -> Tensor:
        old: Tensor = getattr(given, name)
        return given.momentum * old + (1 - given.momentum) * new(given) if given.training else old

    return result


def _updated(name: str, new: Result) -> Result:
    return lambda given: given.blend(getattr(given, name), new(given)) if given.training else getattr(given, name)


def _mean(given: Pass) -> Tensor:
    return given.x.mean(ALL)


def _biased(given: Pass) -> Tensor:
    return given.x.var(ALL, correction=0)


def _unbiased(given: Pass) -> Tensor:
    """NaN for a single pixel, as NumPy has it."""
    pixels = given.x.numel() // given.x.shape[1]
    return _biased(given) * pixels / (pixels - 1)


FORWARD = (
    Misconception(
        "statistics-of-each-position",
        "You take mean and variance over the batch only, for each pixel.",
        "There is one mean and one variance a channel: over axes 0, 2 and 3.",
        _forward(out=_over(0)),
        "BN01",
    ),
    Misconception(
        "statistics-of-each-image",
        "You take mean and variance of each image and channel on its own.",
        "The whole batch shares the statistics of a channel: over axes 0, 2 and 3.",
        _forward(out=_over(2, 3)),
    ),
    Misconception(
        "statistics-of-each-sample",
        "You normalise each sample over all its channels: that is layer norm.",
        "There is one mean and one variance a channel: over axes 0, 2 and 3.",
        _forward(out=_over(1, 2, 3)),
        "BN08",
    ),
    Misconception(
        "one-mean-for-all-channels",
        "You take one mean and one variance of the whole array.",
        "Each channel has its own: over axes 0, 2 and 3, not over axis 1.",
        _forward(out=_over(0, 1, 2, 3)),
    ),
    Misconception(
        "batch-statistics-in-evaluation",
        "You normalise by the batch in evaluation too.",
        "There the running mean and variance are used, so that one sample does not depend on the others.",
        _forward(
            out=_in_evaluation(lambda g: g.out(wide(g.x.mean(ALL)), wide(g.x.var(ALL, correction=0)))),
        ),
        "BN02",
    ),
    Misconception(
        "running-statistics-in-training",
        "You normalise by the running statistics in training too.",
        "In training each channel is normalised by the mean and variance of this batch.",
        _forward(out=lambda g: g.out(wide(g.running_mean), wide(g.running_var))),
    ),
    Misconception(
        "not-scaled-in-evaluation",
        "You leave out gamma and beta in evaluation.",
        "They belong to the layer: scale and shift in both modes.",
        _forward(out=_in_evaluation(lambda g: g.out(affine=False))),
        "BN03",
    ),
    Misconception(
        "not-scaled",
        "You leave out gamma and beta.",
        "After normalising comes gamma * normal + beta, for each channel.",
        _forward(out=lambda g: g.out(affine=False)),
    ),
    Misconception(
        "divided-by-variance",
        "You divide by the variance, not by its root.",
        "The deviation is sqrt(var + eps).",
        _forward(out=lambda g: g.out(deviation=g.var + g.eps)),
        "BN04",
    ),
    Misconception(
        "eps-outside-the-root",
        "You add eps to the deviation.",
        "It is added to the variance, under the root: sqrt(var + eps).",
        _forward(out=lambda g: g.out(deviation=g.var.sqrt() + g.eps)),
    ),
    Misconception(
        "eps-forgotten",
        "You leave out eps.",
        "The deviation is sqrt(var + eps); without eps it is 0 for a channel of one colour.",
        _forward(out=lambda g: g.out(deviation=g.var.sqrt())),
    ),
    Misconception(
        "normalised-by-unbiased-variance",
        "You normalise by the unbiased variance.",
        "What x is divided by has n = N * H * W under the sum; n - 1 is for running_var.",
        _forward(out=_in_training(lambda g: g.out(var=wide(_unbiased(g))))),
    ),
    Misconception(
        "momentum-turned-round",
        "You give the old statistics the share `momentum`.",
        "Here momentum is the share of the new ones: (1 - momentum) * running + momentum * new.",
        _forward(new_mean=_swapped("running_mean", _mean), new_var=_swapped("running_var", _unbiased)),
        "BN05",
    ),
    Misconception(
        "biased-variance-stored",
        "You put the biased variance into running_var.",
        "What is stored is the unbiased one: divided by n - 1, not by n = N * H * W.",
        _forward(new_var=_updated("running_var", _biased)),
        "BN06",
    ),
    Misconception(
        "deviation-stored",
        "You put the standard deviation into running_var.",
        "running_var is a mean of variances: no root.",
        _forward(new_var=_updated("running_var", lambda g: _unbiased(g).sqrt())),
    ),
    Misconception(
        "statistics-updated-in-evaluation",
        "You update the running statistics in evaluation too.",
        "There they stay as they are: return them unchanged.",
        _forward(
            new_mean=lambda g: g.blend(g.running_mean, _mean(g)), new_var=lambda g: g.blend(g.running_var, _unbiased(g))
        ),
        "BN07",
    ),
    Misconception(
        "statistics-never-updated",
        "You return the running statistics as they came, in training too.",
        "In training running_mean and running_var move towards those of the batch, by momentum.",
        _forward(new_mean=lambda g: g.running_mean.clone(), new_var=lambda g: g.running_var.clone()),
    ),
    Misconception(
        "statistics-replaced",
        "You return the statistics of the batch.",
        "The old ones keep their share: (1 - momentum) * running + momentum * new.",
        _forward(
            new_mean=lambda g: _mean(g) if g.training else g.running_mean,
            new_var=lambda g: _unbiased(g) if g.training else g.running_var,
        ),
    ),
)

BATCHNORM = (*FORWARD, *BACKWARD)

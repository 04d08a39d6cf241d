"""Mistakes of convnets/layers: dense and softmax here, activations and normalising layers beside this file."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.misconceptions.convnets.layers_activations import ACTIVATIONS
from autograder.misconceptions.convnets.layers_batchnorm import BATCHNORM
from autograder.misconceptions.convnets.layers_dropout import DROPOUT
from autograder.misconceptions.numpy_like import numpy_errors
from autograder.model import Misconception
from reference.convnets.layers import dense_forward, softmax_cross_entropy

Wrong = Mapping[str, Callable[..., Any]]
Result = Callable[[Tensor, Tensor, Tensor], Tensor]


def _dense_back(**results: Result) -> Wrong:
    """A backward pass that is right but for the results given, each from dout, x and w."""

    @numpy_errors()
    def backward(dout: Tensor, x: Tensor, w: Tensor) -> tuple[Tensor, ...]:
        found = {"dx": dout @ w.T, "dw": x.T @ dout, "db": dout.sum(0)}
        return tuple((found | {name: result(dout, x, w) for name, result in results.items()}).values())

    return {"dense_backward": backward}


@numpy_errors()
def _times_transposed(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return x @ w.T + b


DENSE = (
    Misconception(
        "dense-bias-forgotten",
        "You leave out the bias of the dense layer.",
        "out = x @ w + b: every sample gets b once.",
        {"dense_forward": lambda x, w, b: x @ w},
    ),
    Misconception(
        "weights-transposed",
        "You multiply by the transposed weights.",
        "w has shape (D, M) and stands on the right: x @ w.",
        {"dense_forward": _times_transposed},
    ),
    Misconception(
        "dense-bias-per-feature",
        "You add the bias once for each feature.",
        "b[m] stands outside the sum over the features: add it once.",
        {"dense_forward": lambda x, w, b: dense_forward(x, w, b * x.shape[1])},
    ),
    Misconception(
        "dx-with-weights-not-transposed",
        "You multiply by w, not by its transpose, in dx.",
        "x went in as x @ w, so dx = dout @ w.T; the shapes hide it if D = M.",
        _dense_back(dx=lambda dout, x, w: dout @ w),
    ),
    Misconception(
        "dw-transposed",
        "Your dw is transposed.",
        "dw has the shape of w, (D, M): x.T @ dout.",
        _dense_back(dw=lambda dout, x, w: dout.T @ x),
    ),
    Misconception(
        "dense-averaged-over-batch",
        "You divide dw and db by the number of samples.",
        "The loss is whatever dout says; where it is a mean over the batch, dout has the 1/N in it already.",
        _dense_back(dw=lambda dout, x, w: x.T @ dout / len(x), db=lambda dout, x, w: dout.mean(0)),
    ),
    Misconception(
        "dense-db-averaged",
        "You average db over the batch.",
        "Every sample got b, and each sends its gradient back: db is their sum.",
        _dense_back(db=lambda dout, x, w: dout.mean(0)),
    ),
    Misconception(
        "dense-db-of-last-sample",
        "Your db counts the last sample only.",
        "Each sample adds to db: sum over axis 0.",
        _dense_back(db=lambda dout, x, w: dout[-1]),
    ),
    Misconception(
        "dense-db-not-summed",
        "You return dout as db.",
        "db has the shape of b, (M,): sum over the samples.",
        _dense_back(db=lambda dout, x, w: dout.clone()),
    ),
    Misconception(
        "dense-db-over-features",
        "You sum db over the wrong axis.",
        "b has one entry for each output: sum over the samples, axis 0.",
        _dense_back(db=lambda dout, x, w: dout.sum(1)),
    ),
    Misconception(
        "dw-without-dout",
        "You leave dout out of dw.",
        "Each product in dw contains dout[n, m], by the chain rule: double dout, and dw doubles.",
        _dense_back(dw=lambda dout, x, w: x.T @ torch.ones_like(dout)),
    ),
)


def _picked(p: Tensor, y: Tensor) -> Tensor:
    return p.gather(1, y.long()[:, None])[:, 0]


def _gradient(p: Tensor, y: Tensor) -> Tensor:
    return (p - F.one_hot(y.long(), p.shape[1])) / len(p)


def _from_probabilities(softmax: Callable[[Tensor], Tensor]) -> Wrong:
    """Loss and gradient from some softmax, by -log(p)."""

    def model(logits: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        p = softmax(logits)
        return -_picked(p, y).log().mean(), _gradient(p, y)

    return {"softmax_cross_entropy": model}


def _shifted_by(shift: Callable[[Tensor], Tensor], axis: int = 1) -> Wrong:
    def softmax(logits: Tensor) -> Tensor:
        e = (logits - shift(logits)).exp()
        return e / e.sum(axis, keepdim=True)

    return _from_probabilities(softmax)


def _changed(loss: Callable[..., Tensor] | None = None, dlogits: Callable[..., Tensor] | None = None) -> Wrong:
    """The right results, one of them changed: a function of it, the logits and the labels."""

    def model(logits: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        right = softmax_cross_entropy(logits, y)
        ours = loss(right[0], logits, y) if loss else right[0]
        return ours, dlogits(right[1], logits, y) if dlogits else right[1]

    return {"softmax_cross_entropy": model}


def _clamped(loss: Tensor, logits: Tensor, y: Tensor) -> Tensor:
    return -(_picked(logits.softmax(1), y) + 1e-8).log().mean()


def _twice(logits: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    return softmax_cross_entropy(logits.softmax(1), y)


SOFTMAX = (
    Misconception(
        "exponential-overflows",
        "You exponentiate the logits as they are, and that overflows.",
        "Take the largest logit of each sample off first: softmax does not change by that.",
        _shifted_by(lambda logits: torch.zeros_like(logits)),
        "SM01",
    ),
    Misconception(
        "logarithm-of-zero",
        "You take the logarithm of a probability that has become 0.",
        "log(softmax) = z - max - log(sum(exp(z - max))): write it out, and no probability is needed.",
        _shifted_by(lambda logits: logits.amax(1, keepdim=True)),
        "SM02",
    ),
    Misconception(
        "loss-clamped",
        "You add a small number to the probability before the logarithm, and that caps the loss.",
        "It hides a logarithm of 0. Compute log(softmax) directly: z - max - log(sum(exp(z - max))).",
        _changed(loss=_clamped),
        "SM03",
    ),
    Misconception(
        "one-maximum-for-the-batch",
        "You take off the largest logit of the whole batch.",
        "Each sample has its own maximum: axis 1, with keepdims.",
        _shifted_by(lambda logits: logits.max()),
        "SM04",
    ),
    Misconception(
        "loss-summed",
        "You add up the losses of the samples.",
        "The loss is their mean: divide by N.",
        _changed(loss=lambda loss, logits, y: loss * len(y)),
        "SM05",
    ),
    Misconception(
        "gradient-not-divided",
        "You do not divide dlogits by the number of samples.",
        "The loss is a mean, so its gradient has the factor 1 / N too.",
        _changed(dlogits=lambda gradient, logits, y: gradient * len(y)),
        "SM06",
    ),
    Misconception(
        "softmax-twice",
        "You apply softmax to probabilities: it is there twice.",
        "Cross-entropy takes -log of the softmax of the logits, once.",
        {"softmax_cross_entropy": _twice},
        "SM07",
    ),
    Misconception(
        "softmax-over-the-batch",
        "You normalise over the samples instead of the classes.",
        "The probabilities of one sample sum to 1: axis 1.",
        _shifted_by(lambda logits: logits.amax(0, keepdim=True), axis=0),
        "SM08",
    ),
    Misconception(
        "label-not-taken-off",
        "Your dlogits are the probabilities.",
        "At the right class 1 is taken off: dlogits = (p - one_hot(y)) / N.",
        _changed(dlogits=lambda gradient, logits, y: logits.softmax(1) / len(y)),
        "SM09",
    ),
    Misconception(
        "gradient-with-wrong-sign",
        "Your dlogits have the wrong sign.",
        "A larger logit of a wrong class makes the loss larger: dlogits = (p - one_hot(y)) / N.",
        _changed(dlogits=lambda gradient, logits, y: -gradient),
    ),
    Misconception(
        "divided-by-classes",
        "You divide by the number of classes as well.",
        "The mean runs over the samples only: 1 / N.",
        _changed(
            loss=lambda loss, logits, y: loss / logits.shape[1],
            dlogits=lambda gradient, logits, y: gradient / logits.shape[1],
        ),
    ),
    Misconception(
        "loss-of-each-sample",
        "You return the loss of each sample.",
        "The loss is one number, the mean over the batch.",
        _changed(loss=lambda loss, logits, y: F.cross_entropy(logits, y.long(), reduction="none")),
    ),
    Misconception(
        "minus-forgotten",
        "Your loss has the wrong sign.",
        "Probabilities are below 1 and their logarithms below 0: the loss is -log(p).",
        _changed(loss=lambda loss, logits, y: -loss),
    ),
    Misconception(
        "probability-for-its-logarithm",
        "You average -p instead of -log(p).",
        "Cross-entropy is -log of the probability of the right class.",
        _changed(loss=lambda loss, logits, y: -_picked(logits.softmax(1), y).mean()),
    ),
)

MISCONCEPTIONS = (*ACTIVATIONS, *DENSE, *SOFTMAX, *BATCHNORM, *DROPOUT)

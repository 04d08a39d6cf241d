"""Known mistakes of vision/inspection: top-k error and confusion sets."""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.model import Misconception
from reference.vision import inspection as right

Guess = Callable[[Tensor, Tensor, int], Tensor]


def _top(model: Guess) -> dict[str, Callable[..., Any]]:
    return {"topk_error": model}


def _kth(logits: Tensor, y: Tensor, k: int) -> Tensor:
    return (logits.topk(k).indices[:, -1] != y).to(logits.dtype).mean()


def _wrong_guesses(logits: Tensor, y: Tensor, k: int) -> Tensor:
    return (logits.topk(k).indices != y[:, None]).to(logits.dtype).mean()


TOP = (
    Misconception(
        "hits-for-errors",
        "You return the share of images whose class is among the guesses.",
        "The error is what is left to 1.",
        _top(lambda logits, y, k: 1 - right.topk_error(logits, y, k)),
    ),
    Misconception(
        "first-guess-only",
        "You look at the best guess only, whatever k is.",
        "The true class may be any of the k highest.",
        _top(lambda logits, y, k: right.topk_error(logits, y, 1)),
    ),
    Misconception(
        "last-guess-only",
        "You compare the label with the last of the k guesses only.",
        "The true class may be any of the k highest.",
        _top(_kth),
    ),
    Misconception(
        "lowest-for-highest",
        "You take the k lowest logits.",
        "argsort puts the smallest first: ask for descending=True, or use topk.",
        _top(lambda logits, y, k: right.topk_error(-logits, y, k)),
    ),
    Misconception(
        "errors-counted",
        "You return how many images are wrong.",
        "A share is asked for: divide by N.",
        _top(lambda logits, y, k: len(y) * right.topk_error(logits, y, k)),
    ),
    Misconception(
        "errors-in-percent",
        "You return percents.",
        "A number from 0 to 1 is asked for.",
        _top(lambda logits, y, k: 100 * right.topk_error(logits, y, k)),
    ),
    Misconception(
        "wrong-guesses-averaged",
        "You average over all guesses.",
        "An image is right if one of its k guesses is: any() over them comes before the mean.",
        _top(_wrong_guesses),
    ),
)


def _ranked(means: Callable[[Tensor, Tensor], Tensor]) -> dict[str, Callable[..., Any]]:
    """The sets that another table of averages (K, K) gives."""
    return {"confusion_set": lambda prob, y, k: right.most_confused(means(prob, y), k)}


def _itself_too(prob: Tensor, y: Tensor, k: int) -> Tensor:
    means = right.class_means(prob, y)
    best = means.argsort(dim=1, descending=True, stable=True)[:, :k]
    return torch.where(means.isnan().any(1, keepdim=True), -1, best)


def _second_on(prob: Tensor, y: Tensor, k: int) -> Tensor:
    """Without the first, which need not be the class itself."""
    means = right.class_means(prob, y)
    best = means.argsort(dim=1, descending=True, stable=True)[:, 1 : k + 1]
    return torch.where(means.isnan().any(1, keepdim=True), -1, best)


def _least(prob: Tensor, y: Tensor, k: int) -> Tensor:
    return right.most_confused(-right.class_means(prob, y), k)


def _reversed(prob: Tensor, y: Tensor, k: int) -> Tensor:
    return right.confusion_set(prob, y, k).flip(1)


def _votes(prob: Tensor, y: Tensor) -> Tensor:
    return right.class_means(F.one_hot(prob.argmax(1), prob.shape[1]).double(), y)


def _mistaken_for_it(prob: Tensor, y: Tensor) -> Tensor:
    means = right.class_means(prob, y)
    return torch.where(means.isnan().any(1, keepdim=True), torch.nan, means.nan_to_num().T)


def _predicted(prob: Tensor, y: Tensor) -> Tensor:
    return right.class_means(prob, prob.argmax(1))


def _without_mark(prob: Tensor, y: Tensor, k: int) -> Tensor:
    """A class without images has averages of 0, and the first classes win."""
    return right.most_confused(right.class_means(prob, y).nan_to_num(), k)


CONFUSION = (
    Misconception(
        "class-confused-with-itself",
        "You let a class be among those it is confused with.",
        "Leave out the diagonal of the table before you look for the largest.",
        {"confusion_set": _itself_too},
    ),
    Misconception(
        "first-taken-for-itself",
        "You drop the first of each row, as if that were always the class itself.",
        "Where the network is wrong on average, another class comes first: leave out the diagonal instead.",
        {"confusion_set": _second_on},
    ),
    Misconception(
        "least-confused",
        "You return the classes that get least.",
        "argsort puts the smallest first: ask for descending=True, or use topk.",
        {"confusion_set": _least},
    ),
    Misconception(
        "most-confused-last",
        "You list the right classes, the most likely one last.",
        "The most likely one comes first.",
        {"confusion_set": _reversed},
    ),
    Misconception(
        "votes-for-probabilities",
        "You count which class each image is taken for.",
        "That forgets how sure the network was: average the probabilities themselves.",
        _ranked(_votes),
    ),
    Misconception(
        "confused-the-other-way",
        "You list the classes whose images are taken for this one.",
        "Average over the images of class c, and look along the row of probabilities.",
        _ranked(_mistaken_for_it),
    ),
    Misconception(
        "grouped-by-prediction",
        "You group the images by what the network takes them for.",
        "Group them by their true class y.",
        _ranked(_predicted),
    ),
    Misconception(
        "absent-classes-guessed",
        "You name classes for one that has no images.",
        "There is nothing to average: its row is -1.",
        {"confusion_set": _without_mark},
    ),
)

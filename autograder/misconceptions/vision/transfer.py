"""Mistakes of vision/transfer: truncating, features, heads, small helpers; all else is beside this file."""

import copy
import itertools
from typing import Any

import torch
from torch import Tensor, nn

from autograder.misconceptions.vision.transfer_freezing import FREEZING
from autograder.misconceptions.vision.transfer_tuning import TUNING
from autograder.model import Misconception
from reference.vision import transfer as oracle


def _cut_after(model: nn.Sequential, name: str) -> nn.Sequential:
    body = oracle.truncate(model, name)
    body.add_module(name, model.get_submodule(name))
    return body


def _cut_itself(model: nn.Sequential, name: str) -> nn.Sequential:
    for child in [child for child, _ in model.named_children()][len(oracle.truncate(model, name)) :]:
        delattr(model, child)
    return model


def _features(body: nn.Module, x: Tensor, batch_size: int) -> Tensor:
    with torch.no_grad():
        return torch.cat([body(batch) for batch in torch.split(x, batch_size)])


def _in_training_mode(body: nn.Module, x: Tensor, batch_size: int = 256) -> Tensor:
    return _features(body, x, batch_size)


def _left_in_evaluation(body: nn.Module, x: Tensor, batch_size: int = 256) -> Tensor:
    return _features(body.eval(), x, batch_size)


def _all_in_training_after(body: nn.Module, x: Tensor, batch_size: int = 256) -> Tensor:
    features = oracle.extract_features(body, x, batch_size)
    body.train()
    return features


def _with_gradients(body: nn.Module, x: Tensor, batch_size: int = 256) -> Tensor:
    resting = copy.deepcopy(body).eval()
    return torch.cat([resting(batch) for batch in torch.split(x, batch_size)])


def _standardised(body: nn.Module, x: Tensor, batch_size: int = 256) -> Tensor:
    features = oracle.extract_features(body, x, batch_size)
    return (features - features.mean(0)) / (features.std(0) + 1e-3)


def _whole_batches_only(body: nn.Module, x: Tensor, batch_size: int = 256) -> Tensor:
    return oracle.extract_features(body, x[: len(x) // batch_size * batch_size], batch_size)


def _put(model: nn.Module, name: str, head: nn.Module) -> nn.Module:
    changed = copy.deepcopy(model)
    changed.set_submodule(name, head)
    return changed


def _old(model: nn.Module, name: str) -> Any:
    return model.get_submodule(name)


def _width_by_heart(model: nn.Module, name: str, num_classes: int) -> nn.Module:
    return _put(model, name, nn.Linear(2048, num_classes).to(_old(model, name).weight))


def _with_softmax(model: nn.Module, name: str, num_classes: int) -> nn.Module:
    head = oracle.replace_head(model, name, num_classes).get_submodule(name)
    return _put(model, name, nn.Sequential(head, nn.Softmax(dim=1)))


def _default_dtype(model: nn.Module, name: str, num_classes: int) -> nn.Module:
    return _put(model, name, nn.Linear(_old(model, name).in_features, num_classes))


def _in_place(model: nn.Module, name: str, num_classes: int) -> nn.Module:
    changed = oracle.replace_head(model, name, num_classes)
    model.set_submodule(name, changed.get_submodule(name))
    return model


def _as_frozen_as_before(model: nn.Module, name: str, num_classes: int) -> nn.Module:
    changed = oracle.replace_head(model, name, num_classes)
    changed.get_submodule(name).requires_grad_(_old(model, name).weight.requires_grad)
    return changed


def _on_top(model: nn.Module, name: str, num_classes: int) -> nn.Module:
    old = _old(model, name)
    return _put(model, name, nn.Sequential(old, nn.Linear(old.out_features, num_classes).to(old.weight)))


def _shares(counts: Tensor) -> Tensor:
    return counts.double() / counts.sum()


def _not_by_classes(counts: Tensor) -> Tensor:
    return oracle.class_weights(counts) * len(counts)


def _empty_infinite(counts: Tensor) -> Tensor:
    return counts.double().mean() / counts


def _best(scores: Tensor, right: Any) -> float:
    """The smallest threshold with the most pairs `right`."""
    return float(max(sorted(set(scores.tolist())), key=lambda threshold: int(right(threshold).sum())))


def _strictly_above(scores: Tensor, same: Tensor) -> float:
    return _best(scores, lambda threshold: (scores > threshold) == same)


def _distances(scores: Tensor, same: Tensor) -> float:
    return _best(scores, lambda threshold: (scores <= threshold) == same)


def _only_the_same(scores: Tensor, same: Tensor) -> float:
    return _best(scores, lambda threshold: (scores >= threshold) & same)


def _largest(scores: Tensor, same: Tensor) -> float:
    negative = sorted(set(scores.tolist()), reverse=True)
    return float(max(negative, key=lambda threshold: int(((scores >= threshold) == same).sum())))


BASICS = (
    Misconception(
        "cut-after-the-layer",
        "You keep the named layer: what comes out is its result, not what goes into it.",
        "Features are what the last layer reads, not the old classes' logits. Stop before the child of that name.",
        {"truncate": _cut_after},
        "TE2",
    ),
    Misconception(
        "model-cut-itself",
        "You delete layers of the model that was passed in.",
        "Build a new chain of the children that are wanted; the old model may still be needed.",
        {"truncate": _cut_itself},
    ),
    Misconception(
        "features-in-training-mode",
        "You extract features in training mode: dropout drops some, and batch norms use the batch's statistics.",
        "Call body.eval() before the first batch. The same image must give the same features each time.",
        {"extract_features": _in_training_mode},
        "TE1",
    ),
    Misconception(
        "left-in-evaluation-mode",
        "You leave body in evaluation mode.",
        "Remember each module's `training` before body.eval(), and put it back afterwards.",
        {"extract_features": _left_in_evaluation},
    ),
    Misconception(
        "everything-training-afterwards",
        "You call body.train() in the end, which also wakes modules that were in evaluation mode before.",
        "Remember `training` of every module in body.modules(), not one value for all.",
        {"extract_features": _all_in_training_after},
    ),
    Misconception(
        "gradients-kept",
        "Your features still carry the whole graph of their computation: they need gradients.",
        "Work within `with torch.no_grad():`. Without it, memory grows with every batch.",
        {"extract_features": _with_gradients},
    ),
    Misconception(
        "standardised-by-themselves",
        "You standardise the features by their own mean and deviation, so that test images come to mean 0 too.",
        "Return features as body makes them. Whoever standardises fits the scale on the training set, and keeps it.",
        {"extract_features": _standardised},
        "TE3",
    ),
    Misconception(
        "last-batch-dropped",
        "You drop the last batch where it is smaller than the others.",
        "x.split(batch_size) gives the rest as well; there is one feature vector for each image.",
        {"extract_features": _whole_batches_only},
    ),
    Misconception(
        "width-by-heart",
        "You make the new layer 2048 wide, as the head of one well-known network is.",
        "Read the width off the layer that you replace: old.in_features.",
        {"replace_head": _width_by_heart},
        "TH2",
    ),
    Misconception(
        "softmax-appended",
        "You put a softmax behind the new layer.",
        "The cross-entropy takes logits: it has its own softmax. The head is a dense layer and nothing else.",
        {"replace_head": _with_softmax},
        "TH3",
    ),
    Misconception(
        "head-in-default-dtype",
        "Your new layer is in the default dtype and on the CPU, wherever the model is.",
        "nn.Linear(..., device=old.weight.device, dtype=old.weight.dtype).",
        {"replace_head": _default_dtype},
        "TH4",
    ),
    Misconception(
        "model-changed-in-place",
        "You replace the head of the model that was passed in.",
        "copy.deepcopy(model) first, and change the copy.",
        {"replace_head": _in_place},
        "TH5",
    ),
    Misconception(
        "head-as-frozen-as-before",
        "Your new head is frozen because the old one was.",
        "A new layer has to learn: its parameters need gradients, whatever those of the old one did.",
        {"replace_head": _as_frozen_as_before},
    ),
    Misconception(
        "head-on-top-of-the-old",
        "You put the new layer behind the old one: it reads the old classes' logits.",
        "The new layer takes the old one's place, and as many inputs as the old one had.",
        {"replace_head": _on_top},
    ),
    Misconception(
        "shares-for-weights",
        "You return each class's share of the images: the largest class weighs most.",
        "A weight makes up for a lack of images: N / (K * counts) grows as the count falls.",
        {"class_weights": _shares},
    ),
    Misconception(
        "not-divided-by-classes",
        "You leave out the number of classes: classes of equal size should all weigh 1.",
        "N / (K * counts), with K = len(counts).",
        {"class_weights": _not_by_classes},
    ),
    Misconception(
        "empty-class-divided",
        "You divide by 0 where a class has no images.",
        "torch.where(counts > 0, ..., 0): no image of it will ever ask for its weight.",
        {"class_weights": _empty_infinite},
    ),
    Misconception(
        "strictly-above-the-threshold",
        "You call a pair the same only if its score is above the threshold.",
        "A score of exactly t counts as the same: >=.",
        {"best_threshold": _strictly_above},
    ),
    Misconception(
        "scores-as-distances",
        "You call pairs with a small score the same, as if scores were distances.",
        "Scores say how alike two pictures are: the higher, the more alike.",
        {"best_threshold": _distances},
    ),
    Misconception(
        "different-pairs-not-counted",
        "You count only pairs of one person that are called the same: the lowest threshold always wins.",
        "Pairs of two persons that are told apart are right as well: (scores >= t) == same.",
        {"best_threshold": _only_the_same},
    ),
    Misconception(
        "largest-of-the-best",
        "Of several thresholds that are equally good, you return the largest.",
        "Go through the candidates from the smallest up, and replace the best one only by a better one.",
        {"best_threshold": _largest},
    ),
)
MISCONCEPTIONS = tuple(itertools.chain(BASICS, FREEZING, TUNING))

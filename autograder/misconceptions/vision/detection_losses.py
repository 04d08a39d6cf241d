"""Known mistakes of vision/detection: what counts in a loss, and what does not."""

from collections.abc import Callable
from typing import Any

import torch.nn.functional as F
from torch import Tensor

from autograder.model import Misconception
from reference.vision import detection as right


def _localisation(
    boxes: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor] | None = None,
    classes: Callable[[Tensor, Tensor], Tensor] = F.cross_entropy,
    combine: Callable[[Tensor, Tensor, float], Tensor] = lambda one, two, weight: one + weight * two,
) -> dict[str, Callable[..., Any]]:
    """The loss with another part: `boxes` of predicted and true boxes, labels and logits; `classes`; their sum."""

    def model(logits: Tensor, found: Tensor, labels: Tensor, target_boxes: Tensor, weight: float = 1.0) -> Tensor:
        part = (boxes or _squared)(found, target_boxes, labels, logits)
        return combine(classes(logits, labels), part, weight)

    return {"localisation_loss": model}


def _squared(found: Tensor, true: Tensor, labels: Tensor, logits: Tensor) -> Tensor:
    return _of_objects((found - true) ** 2, labels > 0)


def _of_objects(errors: Tensor, seen: Tensor) -> Tensor:
    return (errors.mean(1) * seen).sum() / seen.sum().clamp(min=1)


def _objects_only(logits: Tensor, labels: Tensor) -> Tensor:
    return F.cross_entropy(logits[labels > 0], labels[labels > 0], reduction="sum") / (labels > 0).sum().clamp(min=1)


LOCALISATION = (
    Misconception(
        "boxes-of-background-trained",
        "You let the boxes of images without an object count.",
        "Where the label is 0 there is no true box: average over the images with labels > 0 only.",
        _localisation(lambda found, true, labels, logits: F.mse_loss(found, true)),
        "DE4",
    ),
    Misconception(
        "box-loss-over-all-images",
        "You leave the boxes of the background out, but still divide by the number of all images.",
        "The mean is over the images that have an object: divide by their number.",
        _localisation(lambda found, true, labels, logits: (((found - true) ** 2).mean(1) * (labels > 0)).mean()),
    ),
    Misconception(
        "box-loss-where-object-predicted",
        "You count the boxes of images in which the network finds an object.",
        "Whether there is one is what the labels say, not the logits.",
        _localisation(lambda found, true, labels, logits: _of_objects((found - true) ** 2, logits.argmax(1) > 0)),
    ),
    Misconception(
        "coordinates-summed",
        "You sum the squared errors of the four coordinates.",
        "The mean is over the coordinates too.",
        _localisation(lambda found, true, labels, logits: 4 * _squared(found, true, labels, logits)),
    ),
    Misconception(
        "absolute-for-squared-errors",
        "You take the size of the errors, not their squares.",
        "Mean squared error: each difference times itself.",
        _localisation(lambda found, true, labels, logits: _of_objects((found - true).abs(), labels > 0)),
    ),
    Misconception(
        "smooth-l1-for-squared-errors",
        "You use the smooth L1 loss.",
        "That is Mask R-CNN's. Here squared errors are asked for.",
        _localisation(
            lambda found, true, labels, logits: _of_objects(F.smooth_l1_loss(found, true, reduction="none"), labels > 0)
        ),
    ),
    Misconception(
        "empty-mean-of-boxes",
        "You average over the images with an object when there is none.",
        "The mean of nothing is nan, and one such batch ruins all weights: that part of the loss is 0 then.",
        _localisation(
            lambda found, true, labels, logits: ((found - true) ** 2)[labels > 0].sum() / (4 * (labels > 0).sum())
        ),
    ),
    Misconception(
        "softmax-before-cross-entropy",
        "You put the logits through a softmax before F.cross_entropy, which does that itself.",
        "F.cross_entropy takes logits.",
        _localisation(classes=lambda logits, labels: F.cross_entropy(logits.softmax(1), labels))
        | {
            "mask_rcnn_loss": lambda class_logits, boxes, mask_logits, labels, *true: (
                F.cross_entropy(class_logits.softmax(1), labels),
                *right.mask_rcnn_loss(class_logits, boxes, mask_logits, labels, *true)[1:],
            )
        },
    ),
    Misconception(
        "classes-of-objects-only",
        "You leave the background out of the cross-entropy.",
        "Class 0 must be learnt too: otherwise the network finds an object everywhere.",
        _localisation(classes=_objects_only)
        | {
            "mask_rcnn_loss": lambda class_logits, boxes, mask_logits, labels, *true: (
                _objects_only(class_logits, labels),
                *right.mask_rcnn_loss(class_logits, boxes, mask_logits, labels, *true)[1:],
            )
        },
    ),
    Misconception(
        "weight-of-boxes-ignored",
        "You add both parts as they are, whatever weight says.",
        "weight is how much the boxes count: multiply their part by it.",
        _localisation(combine=lambda one, two, weight: one + two),
    ),
    Misconception(
        "weight-on-classes",
        "You multiply the cross-entropy by weight, not the part of the boxes.",
        "weight is how much the boxes count.",
        _localisation(combine=lambda one, two, weight: weight * one + two),
    ),
    Misconception(
        "weight-on-everything",
        "You multiply the whole loss by weight.",
        "weight is how much the boxes count, beside the classes: it belongs to their part only.",
        _localisation(combine=lambda one, two, weight: weight * (one + two)),
    ),
)

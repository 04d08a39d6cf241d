"""Known mistakes of vision/detection: the boxes and masks of Mask R-CNN."""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from autograder.model import Misconception
from reference.vision import detection as right


def _box(
    picked: Callable[[Tensor, Tensor, Tensor], Tensor] | None = None,
    *,
    loss: Callable[..., Tensor] = F.smooth_l1_loss,
    background: bool = False,
    divide: Callable[[Tensor], Any] = len,
) -> dict[str, Callable[..., Any]]:
    """L_box with another choice of boxes (of boxes (R, K, 4), labels and logits), another loss or another divisor."""

    def model(
        logits: Tensor, boxes: Tensor, masks: Tensor, labels: Tensor, true_boxes: Tensor, true_masks: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        one, _, three = right.mask_rcnn_loss(logits, boxes, masks, labels, true_boxes, true_masks)
        chosen = picked(boxes, labels, logits) if picked else boxes[torch.arange(len(labels)), labels]
        errors = loss(chosen, true_boxes, reduction="none").sum(1)
        counted = errors if background else errors * (labels > 0)
        return one, counted.sum() / divide(labels), three

    return {"mask_rcnn_loss": model}


def _objects(labels: Tensor) -> Tensor:
    return (labels > 0).sum().clamp(min=1)


BOXES = (
    Misconception(
        "background-regions-trained",
        "You let the boxes of background regions count.",
        "Where the label is 0 there is no true box: pick the regions with labels > 0 first.",
        _box(background=True),
        "DE4",
    ),
    Misconception(
        "box-loss-over-objects-only",
        "You divide the loss of the boxes by the number of regions with an object.",
        "It is divided by R, the number of all regions, so that each object counts alike however many there are.",
        _box(divide=_objects),
    ),
    Misconception(
        "box-loss-not-divided",
        "You sum the loss of the boxes over all regions.",
        "The sum is divided by R, the number of regions.",
        _box(divide=lambda labels: 1),
    ),
    Misconception(
        "box-loss-over-coordinates",
        "You average over the four coordinates.",
        "They are summed, and divided by R only.",
        _box(divide=lambda labels: 4 * len(labels)),
    ),
    Misconception(
        "mean-of-chosen-coordinates",
        "You average over the coordinates of all regions with an object, as smooth_l1_loss does by itself.",
        'Sum them (reduction="sum") and divide by R.',
        _box(divide=lambda labels: 4 * _objects(labels)),
    ),
    Misconception(
        "box-of-predicted-class",
        "You take the box of the class that the network predicts.",
        "The box of the true class is trained: boxes[r, labels[r]].",
        _box(lambda boxes, labels, logits: boxes[torch.arange(len(labels)), logits.argmax(1)]),
    ),
    Misconception(
        "box-of-class-before",
        "You take the box of class labels - 1.",
        "The background has a box too, at index 0, which is never used: boxes[r, labels[r]].",
        _box(lambda boxes, labels, logits: boxes[torch.arange(len(labels)), labels - 1]),
    ),
    Misconception(
        "squared-for-smooth-l1",
        "You use squared errors for the boxes.",
        "Smooth L1 grows in a straight line from an error of 1 on, so that a single bad box does not outweigh all.",
        _box(loss=F.mse_loss),
    ),
    Misconception(
        "half-squared-for-smooth-l1",
        "You use half of the squared error for large errors too.",
        "From an error of 1 on, smooth L1 is its size less one half.",
        _box(loss=lambda *arguments, **options: F.mse_loss(*arguments, **options) / 2),
    ),
    Misconception(
        "absolute-for-smooth-l1",
        "You take the size of small errors too.",
        "Below 1, smooth L1 is half of the square.",
        _box(loss=F.l1_loss),
    ),
)


def _mask(model: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]) -> dict[str, Callable[..., Any]]:
    """L_mask made by `model` of all mask logits, labels, true masks and class logits."""

    def losses(
        logits: Tensor, boxes: Tensor, masks: Tensor, labels: Tensor, true_boxes: Tensor, true_masks: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        one, two, _ = right.mask_rcnn_loss(logits, boxes, masks, labels, true_boxes, true_masks)
        return one, two, model(masks, labels, true_masks, logits)

    return {"mask_rcnn_loss": losses}


def _pixels(
    chosen: Callable[[Tensor, Tensor, Tensor], Tensor], loss: Callable[..., Tensor] = F.binary_cross_entropy_with_logits
) -> dict[str, Callable[..., Any]]:
    """The mean loss over regions with an object, of the masks (R, H, W) chosen of masks, labels and class logits."""

    def model(masks: Tensor, labels: Tensor, true: Tensor, logits: Tensor) -> Tensor:
        errors = loss(chosen(masks, labels, logits), true, reduction="none").mean((1, 2))
        return torch.where(labels > 0, errors, 0.0).sum() / _objects(labels)

    return _mask(model)


def _own(masks: Tensor, labels: Tensor, logits: Tensor) -> Tensor:
    return masks[torch.arange(len(labels)), labels]


def _all_classes(masks: Tensor, labels: Tensor, true: Tensor, logits: Tensor) -> Tensor:
    everywhere = true[:, None].expand_as(masks)
    errors = F.binary_cross_entropy_with_logits(masks, everywhere, reduction="none").mean((1, 2, 3))
    return (errors * (labels > 0)).sum() / _objects(labels)


def _others_empty(masks: Tensor, labels: Tensor, true: Tensor, logits: Tensor) -> Tensor:
    own = F.one_hot(labels, masks.shape[1])[:, :, None, None]
    errors = F.binary_cross_entropy_with_logits(masks, true[:, None] * own, reduction="none").mean((1, 2, 3))
    return (errors * (labels > 0)).sum() / _objects(labels)


def _competing(masks: Tensor, labels: Tensor, true: Tensor, logits: Tensor) -> Tensor:
    wanted = (true * labels[:, None, None]).long()
    errors = F.cross_entropy(masks, wanted, reduction="none").mean((1, 2))
    return (errors * (labels > 0)).sum() / _objects(labels)


def _background(masks: Tensor, labels: Tensor, true: Tensor, logits: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(_own(masks, labels, logits), true)


def _by_hand(masks: Tensor, true: Tensor, reduction: str) -> Tensor:
    """Right in exact arithmetic; the logarithm of a probability that has become 0 is not finite."""
    inside = masks.sigmoid()
    found: Tensor = -(true * inside.log() + (1 - true) * (1 - inside).log())
    return found


def _divided(count: Callable[[Tensor, Tensor], Any]) -> dict[str, Callable[..., Any]]:
    """The sum over the pixels of regions with an object, divided by `count` of labels and true masks."""

    def model(masks: Tensor, labels: Tensor, true: Tensor, logits: Tensor) -> Tensor:
        errors = F.binary_cross_entropy_with_logits(_own(masks, labels, logits), true, reduction="none").sum((1, 2))
        found: Tensor = (errors * (labels > 0)).sum() / count(labels, true)
        return found

    return _mask(model)


def _cut_off(*arguments: Tensor) -> tuple[Tensor, ...]:
    return tuple(loss.detach() for loss in right.mask_rcnn_loss(*arguments))


MASKS = (
    Misconception(
        "masks-of-background-trained",
        "You let the masks of background regions count.",
        "Where the label is 0 there is no true mask: pick the regions with labels > 0 first.",
        _mask(_background),
        "DE4",
    ),
    Misconception(
        "masks-of-all-classes-trained",
        "You hold the masks of all classes against the true mask.",
        "Only the mask of the true class counts: mask_logits[r, labels[r]].",
        _mask(_all_classes),
        "DE5",
    ),
    Misconception(
        "masks-of-other-classes-emptied",
        "You train the masks of all other classes to be empty.",
        "Only the mask of the true class counts; the others may show what they like.",
        _mask(_others_empty),
        "DE5",
    ),
    Misconception(
        "classes-compete-for-pixels",
        "You take a softmax over the classes at each pixel.",
        "Each mask stands on its own: binary cross-entropy on the mask of the true class.",
        _mask(_competing),
        "DE5",
    ),
    Misconception(
        "mask-of-predicted-class",
        "You take the mask of the class that the network predicts.",
        "While training, the label decides: mask_logits[r, labels[r]].",
        _pixels(lambda masks, labels, logits: masks[torch.arange(len(labels)), logits.argmax(1)]),
    ),
    Misconception(
        "mask-of-class-before",
        "You take the mask of class labels - 1.",
        "The background has a mask too, at index 0, which is never used: mask_logits[r, labels[r]].",
        _pixels(lambda masks, labels, logits: masks[torch.arange(len(labels)), labels - 1]),
    ),
    Misconception(
        "squared-errors-of-pixels",
        "You use squared errors for the masks.",
        "Each pixel is a yes or a no: binary cross-entropy.",
        _pixels(_own, lambda masks, true, reduction: F.mse_loss(masks.sigmoid(), true, reduction=reduction)),
    ),
    Misconception(
        "sigmoid-applied-twice",
        "You put the masks through a sigmoid before a loss that does so itself.",
        "binary_cross_entropy_with_logits takes logits.",
        _pixels(lambda masks, labels, logits: _own(masks, labels, logits).sigmoid()),
    ),
    Misconception(
        "logarithm-of-a-shut-mask",
        "You take the logarithm of a probability that has become 0.",
        "sigmoid(-1000) is 0 to a computer. Work with the logits: F.logsigmoid, or binary_cross_entropy_with_logits.",
        _pixels(_own, _by_hand),
    ),
    Misconception(
        "mask-loss-over-all-regions",
        "You leave the background out, but divide by the pixels of all regions.",
        "The mean is over the pixels of regions with an object.",
        _divided(lambda labels, true: true.numel()),
    ),
    Misconception(
        "pixels-not-averaged",
        "You sum the loss over the pixels.",
        "A large mask must not count for more: the mean is over the pixels too.",
        _divided(lambda labels, true: _objects(labels)),
    ),
    Misconception(
        "empty-mean-of-masks",
        "You average over the regions with an object when there is none.",
        "The mean of nothing is nan, and one such batch ruins all weights: L_mask is 0 then.",
        _divided(lambda labels, true: (labels > 0).sum() * true[0].numel()),
    ),
    Misconception(
        "losses-cut-off-from-graph",
        "Your losses are plain numbers to autograd: no gradient gets through them.",
        "Leave out .item(), .detach(), .numpy() and torch.tensor(...): they all cut the way back.",
        {
            "mask_rcnn_loss": _cut_off,
            "localisation_loss": lambda *arguments, **options: right.localisation_loss(*arguments, **options).detach(),
        },
    ),
)

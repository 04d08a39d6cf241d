"""Known mistakes of vision/detection: which boxes are kept."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.model import Misconception
from reference.vision import detection as right

Keep = Callable[[Tensor, Tensor, float], Tensor]


def _nms(model: Keep) -> dict[str, Callable[..., Any]]:
    return {"nms": model}


def _best_first(scores: Tensor) -> Tensor:
    return scores.argsort(descending=True, stable=True)


def _among(order: Tensor, fine: Tensor) -> Tensor:
    return order[fine]


def _after_dropped(boxes: Tensor, scores: Tensor, iou: float) -> Tensor:
    """Kept is what no better box covers, whether that one was kept or not."""
    order = _best_first(scores)
    covers = right.box_iou(boxes, boxes)[order][:, order] > iou
    return order[~covers.triu(1).any(0)]


def _against_best(boxes: Tensor, scores: Tensor, iou: float) -> Tensor:
    order = _best_first(scores)
    covered = right.box_iou(boxes, boxes)[order][:, order][:1] > iou
    return order[~covered.any(0) | (torch.arange(len(order)) == 0)]


def _against_last_kept(boxes: Tensor, scores: Tensor, iou: float) -> Tensor:
    overlaps = right.box_iou(boxes, boxes)
    kept: list[int] = []
    for index in _best_first(scores).tolist():
        if not kept or not overlaps[kept[-1], index] > iou:
            kept.append(index)
    return torch.tensor(kept, dtype=torch.int64)


def _worst_first(boxes: Tensor, scores: Tensor, iou: float) -> Tensor:
    return right.nms(boxes, -scores, iou)


def _not_sorted(boxes: Tensor, scores: Tensor, iou: float) -> Tensor:
    return right.nms(boxes, torch.zeros_like(scores), iou)


def _equal_dropped(boxes: Tensor, scores: Tensor, iou: float) -> Tensor:
    return right.greedy(right.box_iou(boxes, boxes) >= iou, _best_first(scores))


def _little_overlap_dropped(boxes: Tensor, scores: Tensor, iou: float) -> Tensor:
    return right.greedy(right.box_iou(boxes, boxes) < iou, _best_first(scores))


def _always_half(boxes: Tensor, scores: Tensor, iou: float) -> Tensor:
    return right.nms(boxes, scores, 0.5)


def _places(boxes: Tensor, scores: Tensor, iou: float) -> Tensor:
    """Where the kept boxes stand among the sorted ones."""
    return _best_first(scores).argsort()[right.nms(boxes, scores, iou)]


def _dropped(boxes: Tensor, scores: Tensor, iou: float) -> Tensor:
    kept = right.nms(boxes, scores, iou)
    return _best_first(scores)[~torch.isin(_best_first(scores), kept)]


def _truth_values(boxes: Tensor, scores: Tensor, iou: float) -> Tensor:
    return torch.isin(torch.arange(len(boxes)), right.nms(boxes, scores, iou))


def _last_of_ties(boxes: Tensor, scores: Tensor, iou: float) -> Tensor:
    order = scores.argsort(stable=True).flip(0)
    return right.greedy(right.box_iou(boxes, boxes) > iou, order)


SUPPRESSION = (
    Misconception(
        "dropped-boxes-drop-others",
        "You drop every box that a better one overlaps, even if that one was dropped itself.",
        "Keep the best, remove what overlaps it, and go on with what is left: a box that is gone removes nothing.",
        _nms(_after_dropped),
        "DE3",
    ),
    Misconception(
        "compared-with-best-only",
        "You compare all boxes with the best one, and stop there.",
        "Repeat it with the best of those that are left, until none is left.",
        _nms(_against_best),
        "DE3",
    ),
    Misconception(
        "compared-with-last-kept-only",
        "You compare a box with the one that was kept last, not with all that were kept.",
        "It may overlap one that was kept earlier.",
        _nms(_against_last_kept),
        "DE3",
    ),
    Misconception(
        "worst-box-first",
        "You begin with the lowest score.",
        "Sorting puts the smallest first: ask for descending=True.",
        _nms(_worst_first),
        "DE3",
    ),
    Misconception(
        "scores-not-sorted",
        "You go through the boxes in the order they come in.",
        "The box with the highest score goes first, then the best of those that are left.",
        _nms(_not_sorted),
        "DE3",
    ),
    Misconception(
        "equal-overlap-dropped",
        "You drop a box whose IoU is exactly the threshold.",
        "It goes if its IoU is more than iou, not if it is equal.",
        _nms(_equal_dropped),
    ),
    Misconception(
        "little-overlap-dropped",
        "You drop the boxes that overlap little, and keep those that overlap much.",
        "Which way round is the comparison with iou? Boxes that overlap by more than iou show the same object.",
        _nms(_little_overlap_dropped),
    ),
    Misconception(
        "threshold-always-one-half",
        "You compare with 0.5, whatever iou says.",
        "iou is an argument: how much overlap is too much.",
        _nms(_always_half),
    ),
    Misconception(
        "kept-in-order-of-boxes",
        "You return the right boxes, sorted by their index.",
        "The one with the highest score comes first.",
        _nms(lambda boxes, scores, iou: right.nms(boxes, scores, iou).sort().values),
    ),
    Misconception(
        "places-among-sorted",
        "You return places in the sorted list.",
        "After sorting, box 0 is the best one, not the first that came in: look its index up in the order.",
        _nms(_places),
    ),
    Misconception(
        "boxes-for-indices",
        "You return the boxes that are kept.",
        "Their indices are asked for, so that labels and masks can be picked too.",
        _nms(lambda boxes, scores, iou: boxes[right.nms(boxes, scores, iou)]),
    ),
    Misconception(
        "truth-values-for-indices",
        "You return for each box whether it is kept.",
        "Indices are asked for, the one with the highest score first.",
        _nms(_truth_values),
    ),
    Misconception(
        "dropped-for-kept",
        "You return the boxes that are dropped.",
        "Return those that are left.",
        _nms(_dropped),
    ),
    Misconception(
        "last-of-equal-scores-first",
        "Of boxes with equal scores you take the last one first.",
        "Turning an ascending order round turns ties round too: sort in descending order, with stable=True.",
        _nms(_last_of_ties),
    ),
)

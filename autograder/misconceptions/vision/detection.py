"""Known mistakes of vision/detection."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.misconceptions.vision.detection_grid import GRID
from autograder.misconceptions.vision.detection_losses import LOCALISATION
from autograder.misconceptions.vision.detection_masks import BOXES, MASKS
from autograder.misconceptions.vision.detection_nms import SUPPRESSION
from autograder.model import Misconception
from reference.vision import detection as right

Overlap = Callable[[Tensor, Tensor], Tensor]


def sides(a: Tensor, b: Tensor) -> Tensor:
    """Width and height of what boxes have in common, negative where they lie apart: shape (N, M, 2)."""
    return torch.minimum(a[:, None, 2:], b[:, 2:]) - torch.maximum(a[:, None, :2], b[:, :2])


def common(a: Tensor, b: Tensor) -> Tensor:
    return sides(a, b).clamp(min=0).prod(-1)


def _sum(a: Tensor, b: Tensor) -> Tensor:
    return right.box_area(a)[:, None] + right.box_area(b)


def _ratio(part: Tensor, whole: Tensor) -> Tensor:
    return part / torch.where(whole == 0, 1.0, whole)


def _unclamped(a: Tensor, b: Tensor) -> Tensor:
    part = sides(a, b).prod(-1)
    return _ratio(part, _sum(a, b) - part)


def _clamped_late(a: Tensor, b: Tensor) -> Tensor:
    part = sides(a, b).prod(-1).clamp(min=0)
    return _ratio(part, _sum(a, b) - part)


def _inclusive(a: Tensor, b: Tensor) -> Tensor:
    """Each box ends with the pixel that its second corner names."""
    one = torch.tensor([0, 0, 1, 1])
    return right.box_iou(a + one, b + one)


def _inclusive_areas(a: Tensor, b: Tensor) -> Tensor:
    one = torch.tensor([0, 0, 1, 1])
    part = common(a, b)
    return _ratio(part, _sum(a + one, b + one) - part)


def _enclosing(a: Tensor, b: Tensor) -> Tensor:
    hull = torch.maximum(a[:, None, 2:], b[:, 2:]) - torch.minimum(a[:, None, :2], b[:, :2])
    return _ratio(common(a, b), hull.prod(-1))


def _smaller(a: Tensor, b: Tensor) -> Tensor:
    return _ratio(common(a, b), torch.minimum(right.box_area(a)[:, None], right.box_area(b)))


def _from_sizes(boxes: Tensor) -> Tensor:
    return torch.cat([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], 1)


def _from_centres(boxes: Tensor) -> Tensor:
    return torch.cat([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2], 1)


def _row_by_row(a: Tensor, b: Tensor) -> Tensor:
    if len(a) != len(b) and 1 not in (len(a), len(b)):
        raise ValueError("the lists differ in length")
    count = max(len(a), len(b))
    return right.box_iou(a.expand(count, 4), b.expand(count, 4)).diagonal()


def _zero_by_zero(a: Tensor, b: Tensor) -> Tensor:
    part = common(a, b)
    return part / (_sum(a, b) - part)


def _in_nms(overlap: Overlap) -> Callable[..., Any]:
    def nms(boxes: Tensor, scores: Tensor, iou: float) -> Tensor:
        return right.greedy(overlap(boxes, boxes) > iou, scores.argsort(descending=True, stable=True))

    return nms


def _both(overlap: Overlap) -> dict[str, Callable[..., Any]]:
    """The same mistake in box_iou, and in an nms that calls it."""
    return {"box_iou": overlap, "nms": _in_nms(overlap)}


OVERLAPS = (
    Misconception(
        "negative-sides-multiplied",
        "You multiply width and height of the intersection without looking at their signs.",
        "Of boxes that lie apart, both may be negative, and the product positive: cut each off at 0 first.",
        _both(_unclamped),
        "DE1",
    ),
    Misconception(
        "area-cut-off-not-sides",
        "You cut off the area of the intersection at 0, not its sides.",
        "Of boxes that lie apart in both directions, the product of two negative sides is positive: cut off each side.",
        {"box_iou": _clamped_late},
        "DE1",
    ),
    Misconception(
        "corner-pixel-counted",
        "You add 1 to widths and heights, as if corners were pixels that belong to the box.",
        "Coordinates are continuous here: a box from 0 to 2 is 2 wide. Two that only touch have nothing in common.",
        _both(_inclusive),
        "DE2",
    ),
    Misconception(
        "corner-pixel-counted-in-areas",
        "You add 1 to the sides of the boxes, but not to those of the intersection.",
        "A box with itself must give 1. Coordinates are continuous: no side needs a 1.",
        _both(_inclusive_areas),
        "DE2",
    ),
    Misconception(
        "common-area-counted-twice",
        "You divide by the sum of both areas, in which what they have in common counts twice.",
        "union = area + area - intersection.",
        _both(lambda a, b: _ratio(common(a, b), _sum(a, b))),
    ),
    Misconception(
        "dice-for-iou",
        "You compute twice the intersection by the sum of the areas: that is the Dice coefficient.",
        "Its numerator is the intersection, once; below it stands the union.",
        _both(lambda a, b: _ratio(2 * common(a, b), _sum(a, b))),
    ),
    Misconception(
        "divided-by-first-area",
        "You divide by the area of the first box alone.",
        "A large box that holds a small one must not count as a good match of it: divide by the union.",
        _both(lambda a, b: _ratio(common(a, b), right.box_area(a)[:, None])),
    ),
    Misconception(
        "divided-by-smaller-area",
        "You divide by the area of the smaller box.",
        "A large box that holds a small one must not count as a good match of it: divide by the union.",
        _both(_smaller),
    ),
    Misconception(
        "enclosing-box-for-union",
        "You take the box around both for their union.",
        "The corners of that box belong to neither: union = area + area - intersection.",
        _both(_enclosing),
    ),
    Misconception(
        "corners-taken-for-sizes",
        "You read a box as corner, width and height.",
        "The last two numbers are the opposite corner: the width is x2 - x1.",
        _both(lambda a, b: right.box_iou(_from_sizes(a), _from_sizes(b))),
    ),
    Misconception(
        "corners-taken-for-centres",
        "You read a box as centre, width and height.",
        "The four numbers are two opposite corners.",
        _both(lambda a, b: right.box_iou(_from_centres(a), _from_centres(b))),
    ),
    Misconception(
        "pairs-row-by-row",
        "You compare a[i] with b[i] only.",
        "Every box of a with every box of b: a[:, None] and b[None] spread to (N, M).",
        {"box_iou": _row_by_row},
    ),
    Misconception(
        "overlaps-transposed",
        "You return the table with the boxes of b in its rows.",
        "At [i, j] belongs the IoU of a[i] and b[j].",
        {"box_iou": lambda a, b: right.box_iou(b, a)},
    ),
    Misconception(
        "empty-boxes-divided",
        "You divide 0 by 0 where both boxes have no area.",
        "Look at the union before you divide: where it is 0, the IoU is 0.",
        {"box_iou": _zero_by_zero},
    ),
)

MISCONCEPTIONS = (*OVERLAPS, *SUPPRESSION, *GRID, *LOCALISATION, *BOXES, *MASKS)

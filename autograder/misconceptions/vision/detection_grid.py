"""Known mistakes of vision/detection: reading boxes off a grid of cells."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.model import Misconception
from reference.vision import detection as right

Parts = tuple[Tensor, ...]


def _layout(boxes: Tensor, scores: Tensor) -> tuple[Tensor, Tensor]:
    return boxes.reshape(len(boxes), -1, 4), scores.reshape(len(scores), -1, scores.shape[-1])


def _corners(x: Tensor, y: Tensor, w: Tensor, h: Tensor) -> Tensor:
    return torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], -1)


def _boxes(change: Callable[..., Tensor]) -> dict[str, Callable[..., Any]]:
    """Boxes made by `change` of x, y, w, h (N, S, S, B), of the cells' columns and rows, and of S."""

    def model(pred: Tensor, S: int, B: int, C: int) -> tuple[Tensor, Tensor]:
        x, y, w, h, _ = pred[..., : 5 * B].reshape(len(pred), S, S, B, 5).unbind(-1)
        steps = torch.arange(S)
        boxes = change(x, y, w, h, steps[:, None], steps[:, None, None], S)
        return boxes.reshape(len(pred), -1, 4), right.yolo_decode(pred, S, B, C)[1]

    return {"yolo_decode": model}


def _scores(change: Callable[[Tensor, Tensor], Tensor]) -> dict[str, Callable[..., Any]]:
    """Scores made by `change` of confidences (N, S, S, B, 1) and probabilities (N, S, S, 1, C)."""

    def model(pred: Tensor, S: int, B: int, C: int) -> tuple[Tensor, Tensor]:
        confidence = pred[..., : 5 * B].reshape(len(pred), S, S, B, 5)[..., 4:]
        scores = change(confidence, pred[..., None, 5 * B :])
        return right.yolo_decode(pred, S, B, C)[0], scores.reshape(len(pred), S * S * B, -1)

    return {"yolo_decode": model}


def _on(rearranged: Callable[[Tensor, int, int, int], Tensor]) -> dict[str, Callable[..., Any]]:
    """The right answer for other predictions: those that are there, rearranged."""
    return {"yolo_decode": lambda pred, S, B, C: right.yolo_decode(rearranged(pred, S, B, C), S, B, C)}


def _by_quantity(pred: Tensor, S: int, B: int, C: int) -> Tensor:
    numbers = pred[..., : 5 * B].reshape(len(pred), S, S, 5, B).transpose(3, 4)
    return torch.cat([numbers.flatten(3), pred[..., 5 * B :]], -1)


def _classes_first(pred: Tensor, S: int, B: int, C: int) -> Tensor:
    return torch.cat([pred[..., C:], pred[..., :C]], -1)


def _confidence_first(pred: Tensor, S: int, B: int, C: int) -> Tensor:
    numbers = pred[..., : 5 * B].reshape(len(pred), S, S, B, 5).roll(-1, -1)
    return torch.cat([numbers.flatten(3), pred[..., 5 * B :]], -1)


def _box_by_box(pred: Tensor, S: int, B: int, C: int) -> tuple[Tensor, Tensor]:
    """All cells for the first box, then all cells for the second."""
    boxes, scores = right.yolo_decode(pred, S, B, C)
    order = torch.arange(S * S * B).reshape(-1, B).T.flatten()
    return boxes[:, order], scores[:, order]


def _column_by_column(pred: Tensor, S: int, B: int, C: int) -> tuple[Tensor, Tensor]:
    boxes, scores = right.yolo_decode(pred, S, B, C)
    order = torch.arange(S * S * B).reshape(S, S, B).transpose(0, 1).flatten()
    return boxes[:, order], scores[:, order]


GRID = (
    Misconception(
        "row-added-to-x",
        "You add the row to x and the column to y.",
        "x goes to the right: it grows with the column, which is the third axis of pred.",
        _boxes(lambda x, y, w, h, column, row, S: _corners((x + row) / S, (y + column) / S, w, h)),
    ),
    Misconception(
        "cell-not-added",
        "You leave out where the cell lies.",
        "x and y count from the cell's own corner: add its column and row before you divide by S.",
        _boxes(lambda x, y, w, h, column, row, S: _corners(x / S + 0 * column, y / S + 0 * row, w, h)),
    ),
    Misconception(
        "position-in-cells",
        "You leave the centres in sizes of a cell.",
        "The corners are in sizes of the image, which is S cells wide: divide column + x by S.",
        _boxes(lambda x, y, w, h, column, row, S: _corners(x + column, y + row, w, h)),
    ),
    Misconception(
        "position-in-image",
        "You divide the cell's corner by S, but not the offset in it.",
        "x and y are in sizes of a cell too: (column + x) / S.",
        _boxes(lambda x, y, w, h, column, row, S: _corners(x + column / S, y + row / S, w, h)),
    ),
    Misconception(
        "size-divided-by-cells",
        "You divide width and height by S.",
        "They are in sizes of the whole image already; only x and y belong to the cell.",
        _boxes(lambda x, y, w, h, column, row, S: _corners((x + column) / S, (y + row) / S, w / S, h / S)),
    ),
    Misconception(
        "sizes-squared",
        "You square width and height.",
        "Their roots are for the loss only: here they are taken as they are.",
        _boxes(lambda x, y, w, h, column, row, S: _corners((x + column) / S, (y + row) / S, w**2, h**2)),
    ),
    Misconception(
        "centre-taken-for-corner",
        "You take the centre for the top left corner.",
        "The box reaches half of its width to the left of x, and half to the right.",
        _boxes(lambda x, y, w, h, column, row, S: _corners((x + column) / S + w / 2, (y + row) / S + h / 2, w, h)),
    ),
    Misconception(
        "sizes-not-halved",
        "You go a whole width to the left and to the right of the centre.",
        "From the centre it is half of the width to either side.",
        _boxes(lambda x, y, w, h, column, row, S: _corners((x + column) / S, (y + row) / S, 2 * w, 2 * h)),
    ),
    Misconception(
        "boxes-left-as-centres",
        "You return centre, width and height.",
        "Corners are asked for: (x1, y1, x2, y2).",
        _boxes(lambda x, y, w, h, column, row, S: torch.stack([(x + column) / S, (y + row) / S, w, h], -1)),
    ),
    Misconception(
        "boxes-cut-off",
        "You cut the boxes off at the edges of the image.",
        "They are asked for as they are predicted, even if they reach past an edge.",
        _boxes(lambda x, y, w, h, column, row, S: _corners((x + column) / S, (y + row) / S, w, h).clamp(0, 1)),
    ),
    Misconception(
        "confidence-left-out",
        "You return the probabilities of the classes as scores.",
        "They hold if there is an object at all: multiply by the confidence that there is one.",
        _scores(lambda confidence, classes: classes.expand(*confidence.shape[:-1], -1)),
    ),
    Misconception(
        "best-class-only",
        "You return one score a box, that of its best class.",
        "A score for each class is asked for: shape (N, S * S * B, C).",
        _scores(lambda confidence, classes: (confidence * classes).amax(-1, keepdim=True)),
    ),
    Misconception(
        "classes-through-softmax",
        "You put the class probabilities through a softmax.",
        "The numbers are taken as they are: this network was trained to return probabilities.",
        _scores(lambda confidence, classes: confidence * classes.softmax(-1)),
    ),
    Misconception(
        "confidence-through-sigmoid",
        "You put the confidence through a sigmoid.",
        "The numbers are taken as they are: this network was trained to return confidences.",
        _scores(lambda confidence, classes: confidence.sigmoid() * classes),
    ),
    Misconception(
        "numbers-by-quantity",
        "You read all x first, then all y, and so on.",
        "The five numbers of a box stand together: reshape to (..., B, 5), not to (..., 5, B).",
        _on(_by_quantity),
    ),
    Misconception(
        "classes-read-first",
        "You look for the class probabilities in front of the boxes.",
        "First come B boxes of five numbers, then the probabilities: pred[..., 5 * B:].",
        _on(_classes_first),
    ),
    Misconception(
        "confidence-read-first",
        "You look for the confidence in front of x, y, w and h.",
        "It is the last of the five numbers.",
        _on(_confidence_first),
    ),
    Misconception(
        "box-by-box",
        "You list the first box of all cells, then the second of all cells.",
        "Row by row, cell by cell, box by box: the boxes of one cell stand together.",
        {"yolo_decode": _box_by_box},
    ),
    Misconception(
        "column-by-column",
        "You go through the grid column by column.",
        "Row by row: the second axis of pred is the row, and it changes more slowly than the third.",
        {"yolo_decode": _column_by_column},
    ),
)

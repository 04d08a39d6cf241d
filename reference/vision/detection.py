"""Oracle for vision/detection."""

import torch
import torch.nn.functional as F
from torch import Tensor


def box_iou(a: Tensor, b: Tensor) -> Tensor:
    """Intersection over union of boxes a (N, 4) and b (M, 4), in corners: shape (N, M). 0 where both are empty."""
    low = torch.maximum(a[:, None, :2], b[:, :2])
    high = torch.minimum(a[:, None, 2:], b[:, 2:])
    intersection = (high - low).clamp(min=0).prod(-1)
    union = box_area(a)[:, None] + box_area(b) - intersection
    return intersection / torch.where(union > 0, union, 1.0)


def box_area(boxes: Tensor) -> Tensor:
    """Area of each box of (N, 4): shape (N,)."""
    return (boxes[:, 2:] - boxes[:, :2]).prod(-1)


def nms(boxes: Tensor, scores: Tensor, iou: float) -> Tensor:
    """Indices of the boxes (N, 4) that are kept, best score (N,) first; of equal scores, the first box goes first."""
    return greedy(box_iou(boxes, boxes) > iou, scores.argsort(descending=True, stable=True))


def greedy(covers: Tensor, order: Tensor) -> Tensor:
    """Of the boxes in this order, those that none kept before them covers (N, N)."""
    kept: list[int] = []
    for index in order.tolist():
        if not covers[kept, index].any():
            kept.append(index)
    return torch.tensor(kept, dtype=torch.int64, device=covers.device)


def yolo_decode(pred: Tensor, S: int, B: int, C: int) -> tuple[Tensor, Tensor]:
    """Boxes (N, S * S * B, 4) in corners and scores (N, S * S * B, C) of predictions (N, S, S, 5 * B + C)."""
    n = len(pred)
    boxes = pred[..., : 5 * B].reshape(n, S, S, B, 5)
    steps = torch.arange(S, device=pred.device)
    centre = torch.stack([boxes[..., 0] + steps[:, None], boxes[..., 1] + steps[:, None, None]], -1) / S
    half = boxes[..., 2:4] / 2
    corners = torch.cat([centre - half, centre + half], -1)
    scores = boxes[..., 4:] * pred[..., None, 5 * B :]
    return corners.reshape(n, -1, 4), scores.reshape(n, -1, C)


def localisation_loss(
    logits: Tensor, boxes: Tensor, labels: Tensor, target_boxes: Tensor, weight: float = 1.0
) -> Tensor:
    """Cross-entropy of logits (N, K), plus weight times the mean squared error of the boxes (N, 4) of objects."""
    seen = labels > 0
    errors = ((boxes - target_boxes) ** 2).mean(1)
    return F.cross_entropy(logits, labels) + weight * (errors * seen).sum() / seen.sum().clamp(min=1)


def mask_rcnn_loss(
    class_logits: Tensor,
    boxes: Tensor,
    mask_logits: Tensor,
    labels: Tensor,
    target_boxes: Tensor,
    target_masks: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:
    """The losses of class, box and mask over regions, with logits (R, K), boxes (R, K, 4) and masks (R, K, H, W)."""
    seen = torch.nonzero(labels > 0)[:, 0]
    own = seen, labels[seen]
    box = F.smooth_l1_loss(boxes[own], target_boxes[seen], reduction="sum") / len(labels)
    mask = F.binary_cross_entropy_with_logits(mask_logits[own], target_masks[seen], reduction="sum")
    count = max(1, len(seen) * target_masks[0].numel())
    return F.cross_entropy(class_logits, labels), box, mask / count

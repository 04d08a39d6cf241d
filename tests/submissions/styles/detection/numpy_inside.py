"""NumPy for everything that needs no gradient; weights of 0 and 1 in the losses."""

import numpy as np
import torch
import torch.nn.functional as F


def _overlaps(a, b):
    x1 = np.maximum.outer(a[:, 0], b[:, 0])
    y1 = np.maximum.outer(a[:, 1], b[:, 1])
    x2 = np.minimum.outer(a[:, 2], b[:, 2])
    y2 = np.minimum.outer(a[:, 3], b[:, 3])
    inter = np.clip(x2 - x1, 0, None) * np.clip(y2 - y1, 0, None)
    area = lambda r: (r[:, 2] - r[:, 0]) * (r[:, 3] - r[:, 1])  # noqa: E731
    return inter / (np.add.outer(area(a), area(b)) - inter + 1e-12)


def box_iou(a, b):
    return torch.from_numpy(_overlaps(a.cpu().numpy(), b.cpu().numpy())).to(a)


def nms(boxes, scores, iou):
    order = np.argsort(-scores.numpy(), kind="stable")
    bad = _overlaps(boxes.numpy(), boxes.numpy()) > iou
    alive = np.ones(len(order), bool)
    keep = []
    for i in order:
        if alive[i]:
            keep.append(i)
            alive &= ~bad[i]
    return torch.from_numpy(np.array(keep, dtype=np.int64))


def yolo_decode(pred, S, B, C):
    p = pred.numpy()
    rows, cols, _ = np.meshgrid(range(S), range(S), range(B), indexing="ij")
    five = p[..., : B * 5].reshape(-1, S, S, B, 5)
    centre = (five[..., :2] + np.stack([cols, rows], -1)) / S
    size = five[..., 2:4]
    boxes = np.concatenate([centre - 0.5 * size, centre + 0.5 * size], -1).reshape(len(p), -1, 4)
    scores = np.einsum("nijb,nijc->nijbc", five[..., 4], p[..., B * 5 :]).reshape(len(p), -1, C)
    return torch.from_numpy(boxes.astype(p.dtype)), torch.from_numpy(scores)


def localisation_loss(logits, boxes, labels, target_boxes, weight=1.0):
    there = (labels > 0).to(boxes.dtype)
    squares = (boxes - target_boxes).pow(2).sum(dim=-1)
    return F.nll_loss(F.log_softmax(logits, -1), labels) + weight * (squares @ there) / max(4 * there.sum().item(), 1)


def mask_rcnn_loss(class_logits, boxes, mask_logits, labels, target_boxes, target_masks):
    R, K = class_logits.shape
    pick = F.one_hot(labels, K).to(boxes.dtype)
    pick[:, 0] = 0
    d = (boxes - target_boxes[:, None]).abs()
    smooth = torch.where(d < 1, d * d / 2, d - 0.5).sum(-1)
    pixels = F.binary_cross_entropy_with_logits(
        mask_logits, target_masks[:, None].expand_as(mask_logits), reduction="none"
    )
    loss_mask = (pixels.mean((2, 3)) * pick).sum() / pick.sum().clamp(min=1)
    return -(F.log_softmax(class_logits, 1) * F.one_hot(labels, K)).sum() / R, (smooth * pick).sum() / R, loss_mask

"""Python loops over boxes, cells and regions; numbers taken out of the tensors."""

import torch
import torch.nn.functional as F


def box_iou(a, b):
    out = a.new_zeros(len(a), len(b))
    for i, (ax1, ay1, ax2, ay2) in enumerate(a.tolist()):
        for j, (bx1, by1, bx2, by2) in enumerate(b.tolist()):
            w = min(ax2, bx2) - max(ax1, bx1)
            h = min(ay2, by2) - max(ay1, by1)
            if w <= 0 or h <= 0:
                continue
            both = w * h
            out[i, j] = both / ((ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - both)
    return out


def nms(boxes, scores, iou):
    todo = sorted(range(len(boxes)), key=lambda i: (-scores[i].item(), i))
    keep = []
    while todo:
        best = todo.pop(0)
        keep.append(best)
        rest = []
        for other in todo:
            if box_iou(boxes[best : best + 1], boxes[other : other + 1]).item() <= iou:
                rest.append(other)
        todo = rest
    return torch.tensor(keep, dtype=torch.long)


def yolo_decode(pred, S, B, C):
    N = pred.shape[0]
    boxes = torch.empty(N, S * S * B, 4, dtype=pred.dtype)
    scores = torch.empty(N, S * S * B, C, dtype=pred.dtype)
    for n in range(N):
        k = 0
        for row in range(S):
            for col in range(S):
                cell = pred[n, row, col]
                for b in range(B):
                    x, y, w, h, conf = cell[5 * b : 5 * b + 5]
                    cx = (col + x) / S
                    cy = (row + y) / S
                    boxes[n, k, 0] = cx - w / 2
                    boxes[n, k, 1] = cy - h / 2
                    boxes[n, k, 2] = cx + w / 2
                    boxes[n, k, 3] = cy + h / 2
                    for c in range(C):
                        scores[n, k, c] = conf * cell[5 * B + c]
                    k += 1
    return boxes, scores


def localisation_loss(logits, boxes, labels, target_boxes, weight=1.0):
    total = 0
    for n in range(len(labels)):
        total = total + torch.logsumexp(logits[n], 0) - logits[n, labels[n]]
    total = total / len(labels)
    errors, count = 0, 0
    for n in range(len(labels)):
        if labels[n] != 0:
            for k in range(4):
                errors = errors + (boxes[n, k] - target_boxes[n, k]) ** 2
                count += 1
    return total + weight * errors / count if count else total


def mask_rcnn_loss(class_logits, boxes, mask_logits, labels, target_boxes, target_masks):
    R = len(labels)
    loss_class = sum(F.cross_entropy(class_logits[r : r + 1], labels[r : r + 1]) for r in range(R)) / R
    loss_box = torch.zeros((), dtype=boxes.dtype)
    masks = []
    for r, label in enumerate(labels.tolist()):
        if label == 0:
            continue
        for k in range(4):
            d = abs(boxes[r, label, k] - target_boxes[r, k])
            loss_box = loss_box + (0.5 * d * d if d < 1 else d - 0.5)
        x, t = mask_logits[r, label], target_masks[r]
        masks.append((F.softplus(x) - x * t).mean())
    loss_mask = sum(masks) / len(masks) if masks else torch.zeros((), dtype=boxes.dtype)
    return loss_class, loss_box / R, loss_mask

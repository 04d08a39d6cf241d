"""Rounds to float32 on the way, as `.float()` and `torch.tensor([...])` do."""

import torch
import torch.nn.functional as F


def box_iou(a, b):
    a, b = a.float(), b.float()
    wh = (torch.min(a[:, None, 2:], b[:, 2:]) - torch.max(a[:, None, :2], b[:, :2])).clamp(0)
    inter = wh.prod(2)
    union = (a[:, 2:] - a[:, :2]).prod(1)[:, None] + (b[:, 2:] - b[:, :2]).prod(1) - inter
    return inter / union.clamp(min=1e-7)


def nms(boxes, scores, iou):
    order = scores.float().sort(descending=True, stable=True).indices
    keep = []
    overlaps = box_iou(boxes, boxes)
    while order.numel() > 0:
        keep.append(order[0].item())
        order = order[~(overlaps[order[0], order] > iou) & (order != order[0])]
    return torch.tensor(keep, dtype=torch.int32)


def yolo_decode(pred, S, B, C):
    pred = pred.float()
    y, x = torch.meshgrid(torch.arange(S), torch.arange(S), indexing="ij")
    boxes, scores = [], []
    for b in range(B):
        px, py, w, h, c = pred[..., 5 * b : 5 * b + 5].unbind(-1)
        cx, cy = (px + x) / S, (py + y) / S
        boxes.append(torch.stack([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2], -1))
        scores.append(c[..., None] * pred[..., 5 * B :])
    return torch.stack(boxes, 3).view(len(pred), -1, 4), torch.stack(scores, 3).view(len(pred), -1, C)


def localisation_loss(logits, boxes, labels, target_boxes, weight=1.0):
    loss = F.cross_entropy(logits.float(), labels)
    pos = torch.where(labels > 0)[0]
    if len(pos) == 0:
        return loss
    return loss + weight * ((boxes[pos].float() - target_boxes[pos].float()) ** 2).mean()


def mask_rcnn_loss(class_logits, boxes, mask_logits, labels, target_boxes, target_masks):
    pos = torch.where(labels > 0)[0]
    lab = labels[pos]
    loss_class = F.cross_entropy(class_logits.float(), labels)
    loss_box = F.smooth_l1_loss(boxes[pos, lab].float(), target_boxes[pos].float(), reduction="sum") / labels.numel()
    if target_masks[pos].numel() == 0:
        return loss_class, loss_box, mask_logits.sum().float() * 0
    loss_mask = F.binary_cross_entropy_with_logits(mask_logits[pos, lab].float(), target_masks[pos].float())
    return loss_class, loss_box, loss_mask

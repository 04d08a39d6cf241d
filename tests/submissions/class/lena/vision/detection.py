import torch
import torch.nn.functional as F


def box_iou(a, b):
    n, m = len(a), len(b)
    result = torch.zeros(n, m, dtype=a.dtype)
    for i in range(n):
        for j in range(m):
            left, top = max(a[i, 0], b[j, 0]), max(a[i, 1], b[j, 1])
            right, bottom = min(a[i, 2], b[j, 2]), min(a[i, 3], b[j, 3])
            overlap = (right - left) * (bottom - top)  # negative if they do not overlap?
            area_a = (a[i, 2] - a[i, 0]) * (a[i, 3] - a[i, 1])
            area_b = (b[j, 2] - b[j, 0]) * (b[j, 3] - b[j, 1])
            union = area_a + area_b - overlap
            result[i, j] = overlap / union if union != 0 else 0
    return result


def nms(boxes, scores, iou):
    order = scores.argsort(descending=True)
    x1, y1, x2, y2 = boxes[order].T
    w = (torch.minimum(x2[:, None], x2) - torch.maximum(x1[:, None], x1)).clamp(0)
    h = (torch.minimum(y2[:, None], y2) - torch.maximum(y1[:, None], y1)).clamp(0)
    area = (x2 - x1) * (y2 - y1)
    overlap = w * h / (area[:, None] + area - w * h)
    keep = []
    for i in range(len(order)):
        if all(overlap[i, j] <= iou for j in range(i)):
            keep.append(order[i].item())
    return torch.tensor(keep, dtype=torch.int64)


def yolo_decode(pred, S, B, C):
    boxes, scores = [], []
    for image in pred:
        for row in range(S):
            for col in range(S):
                cell = image[row, col]
                for b in range(B):
                    x, y, w, h, c = cell[5 * b : 5 * b + 5]
                    x, y = (x + row) / S, (y + col) / S
                    boxes.append(torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2]))
                    scores.append(c * cell[5 * B :])
    return torch.stack(boxes).view(len(pred), -1, 4), torch.stack(scores).view(len(pred), -1, C)


def localisation_loss(logits, boxes, labels, target_boxes, weight=1.0):
    return F.cross_entropy(logits, labels) + weight * F.mse_loss(boxes, target_boxes)


def mask_rcnn_loss(class_logits, boxes, mask_logits, labels, target_boxes, target_masks):
    loss_class = F.cross_entropy(class_logits, labels)
    objects = labels > 0
    own = boxes[objects, labels[objects]]
    loss_box = F.smooth_l1_loss(own, target_boxes[objects], reduction="sum") / len(labels)
    masks = mask_logits[objects]
    wanted = target_masks[objects].unsqueeze(1).expand_as(masks)
    loss_mask = F.binary_cross_entropy_with_logits(masks, wanted)
    return loss_class, loss_box, loss_mask

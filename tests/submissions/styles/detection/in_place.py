"""Works in place, on what it is given too, and prints what it sees."""

import torch
from torch import nn

print("loading")


def box_iou(a, b):
    print("box_iou", a.shape, b.shape)
    n, m = a.size(0), b.size(0)
    A = a.unsqueeze(1).repeat(1, m, 1)
    B = b.unsqueeze(0).repeat(n, 1, 1)
    whole = ((A[..., 2] - A[..., 0]).mul_(A[..., 3] - A[..., 1])).add_(
        (B[..., 2] - B[..., 0]) * (B[..., 3] - B[..., 1])
    )
    A[..., :2] = torch.max(A[..., :2], B[..., :2])
    A[..., 2:] = torch.min(A[..., 2:], B[..., 2:])
    wh = A[..., 2:].sub_(A[..., :2]).relu_()
    inter = wh[..., 0] * wh[..., 1]
    whole -= inter
    result = inter.div_(whole)
    result[whole == 0] = 0
    a.zero_()
    return result


def nms(boxes, scores, iou):
    ious = box_iou(boxes.clone(), boxes)
    keep = []
    scores = scores.double() + 1
    while scores.numel() and scores.max() > 0:
        best = int(scores.argmax())
        keep.append(best)
        scores[ious[best] > iou] = 0
        scores[best] = 0
    print("kept", keep)
    boxes.fill_(7)
    return torch.LongTensor(keep)


def yolo_decode(pred, S, B, C):
    scores = pred[..., : 5 * B].unflatten(-1, (B, 5))[..., 4:] * pred[..., 5 * B :].unsqueeze(-2)
    boxes = pred[..., : 5 * B].unflatten(-1, (B, 5))[..., :4]
    boxes[..., 0] += torch.arange(S).view(1, 1, S, 1)
    boxes[..., 1] += torch.arange(S).view(1, S, 1, 1)
    boxes[..., :2] /= S
    boxes[..., :2] -= boxes[..., 2:] / 2
    boxes[..., 2:] += boxes[..., :2]
    return boxes.flatten(1, 3), scores.flatten(1, 3)


def localisation_loss(logits, boxes, labels, target_boxes, weight=1.0):
    target_boxes[labels == 0] = boxes.detach()[labels == 0]
    objects = labels.count_nonzero()
    loss = nn.MSELoss(reduction="sum")(boxes, target_boxes)
    if objects:
        loss = loss / (objects * 4)
    loss = loss * weight
    loss += nn.CrossEntropyLoss()(logits, labels)
    return loss


def mask_rcnn_loss(class_logits, boxes, mask_logits, labels, target_boxes, target_masks):
    own_box = boxes.gather(1, labels.view(-1, 1, 1).expand(-1, 1, 4)).squeeze(1)
    index = labels.view(-1, 1, 1, 1).expand(-1, 1, *mask_logits.shape[2:])
    own_mask = mask_logits.gather(1, index).squeeze(1)
    keep = labels.ne(0)
    target_boxes[~keep] = 0
    loss_box = nn.SmoothL1Loss(reduction="sum")(own_box * keep[:, None], target_boxes)
    loss_box /= len(keep)
    if keep.any():
        loss_mask = nn.BCEWithLogitsLoss()(own_mask[keep], target_masks[keep])
    else:
        loss_mask = own_mask.sum() * 0.0
    return [nn.functional.cross_entropy(class_logits, labels), loss_box, loss_mask]

"""Detection: how well two boxes agree, which of many to keep, and what such a network is trained on.

A detector says what is in an image and where. The lectures go from one object an image (a second head, which returns
four numbers) to many: YOLO, which divides the image into cells, and Mask R-CNN, which says of each pixel whether it
belongs to the object.

Rules for all functions here:
- You get and return PyTorch tensors.
- A box is (x1, y1, x2, y2), two opposite corners, with x1 <= x2 and y1 <= y2; x goes to the right and y down.
  Coordinates are continuous: a box from x1 = 0 to x2 = 2 is 2 wide, not 3.
- Class 0 is the background. What stands for a box or a mask where the label is 0 is meaningless, and no loss may
  depend on it.
- Logits come as they leave the network, before any softmax or sigmoid, and may be as large as 1000.
- There may be no boxes at all: shape (0, 4).
- Results have the dtype and the device of the tensors you are given. Do not change those tensors.
- Losses are for training: autograd must find its way through them.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def box_iou(a: Tensor, b: Tensor) -> Tensor:
    """Intersection over union of each box of one list with each of another.

    The area that both have in common, divided by the area that they cover together: 1 for equal boxes, 0 for boxes
    that do not overlap. Some boxes have no area; the IoU of two such boxes is 0.

    Args:
        a: boxes, of shape (N, 4).
        b: boxes, of shape (M, 4).

    Returns:
        The IoU of a[i] and b[j] at [i, j], of shape (N, M).

    A square with itself, with one moved by half its side, and with one that only touches it:

    >>> a = torch.tensor([[0.0, 0.0, 2.0, 2.0]])
    >>> b = torch.tensor([[0.0, 0.0, 2.0, 2.0], [1.0, 0.0, 3.0, 2.0], [2.0, 0.0, 4.0, 2.0]])
    >>> box_iou(a, b)
    tensor([[1.0000, 0.3333, 0.0000]])
    """
    ### BEGIN SOLUTION
    low = torch.maximum(a[:, None, :2], b[None, :, :2])
    high = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    width, height = (high - low).clamp(min=0).unbind(-1)
    intersection = width * height
    union = _area(a)[:, None] + _area(b)[None] - intersection
    return torch.where(union > 0, intersection / union, torch.zeros_like(union))
    ### END SOLUTION


### BEGIN SOLUTION
def _area(boxes: Tensor) -> Tensor:
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


### END SOLUTION
def nms(boxes: Tensor, scores: Tensor, iou: float) -> Tensor:
    """Non-maximum suppression: of boxes that overlap much, keep the best.

    A detector finds the same object many times over. Take the box with the highest score and drop all others that
    overlap it by more than `iou`; then the best of those that are left, and so on, until none is left. A box that was
    dropped drops no others. Of boxes with equal scores, the one that comes first in the list goes first.

    Args:
        boxes: of shape (N, 4).
        scores: of shape (N,).
        iou: how much is too much; a box whose IoU with a kept one is exactly this stays.

    Returns:
        The indices of the boxes that are kept, int64, the one with the highest score first.

    A dog that is found three times, and something else:

    >>> boxes = torch.tensor([[0, 0, 4, 4], [1, 0, 5, 4], [0, 1, 4, 5], [8, 8, 9, 9]], dtype=torch.float64)
    >>> nms(boxes, torch.tensor([0.6, 0.9, 0.8, 0.7]), 0.4)
    tensor([1, 2, 3])
    >>> nms(boxes, torch.tensor([0.6, 0.9, 0.8, 0.7]), 0.25)
    tensor([1, 3])
    """
    ### BEGIN SOLUTION
    overlaps = box_iou(boxes, boxes)
    left = torch.argsort(scores, descending=True, stable=True)
    kept = []
    while len(left):
        best, left = left[0], left[1:]
        kept.append(best)
        left = left[overlaps[best, left] <= iou]
    return torch.stack(kept) if kept else left
    ### END SOLUTION


def yolo_decode(pred: Tensor, S: int, B: int, C: int) -> tuple[Tensor, Tensor]:
    """Read the boxes and their scores off what YOLO predicts.

    The image is divided into S x S cells. For each cell the network predicts B boxes of five numbers, and then one
    probability for each of C classes, given that there is an object:

        x, y, w, h, confidence,   x, y, w, h, confidence,   ...   p_1, ..., p_C

    x and y are the centre of the box, from the cell's top left corner and in sizes of a cell: (0.5, 0.5) is the middle
    of the cell. w and h are width and height, in sizes of the whole image (their square roots are for the loss only).
    The score of a class is the confidence times its probability.

    Args:
        pred: what the network predicts, of shape (N, S, S, 5 * B + C): image, row, column, numbers of the cell. The
            numbers are taken as they are, without sigmoid or softmax.
        S: cells along each side.
        B: boxes a cell.
        C: classes.

    Returns:
        (boxes, scores): corners (x1, y1, x2, y2) in sizes of the image, of shape (N, S * S * B, 4), not cut off at its
        edges; and scores, of shape (N, S * S * B, C). Row by row, cell by cell, box by box.

    The lecture's grid has S = 7, B = 2, C = 20: 98 boxes. Here two cells a side, one box, two classes; the object is
    in the first row, second column:

    >>> pred = torch.zeros(1, 2, 2, 7)
    >>> pred[0, 0, 1] = torch.tensor([0.5, 0.5, 0.5, 0.25, 0.8, 0.25, 0.75])
    >>> boxes, scores = yolo_decode(pred, 2, 1, 2)
    >>> boxes[0, 1], scores[0, 1]
    (tensor([0.5000, 0.1250, 1.0000, 0.3750]), tensor([0.2000, 0.6000]))
    """
    ### BEGIN SOLUTION
    boxes = pred[..., : 5 * B].reshape(-1, S, S, B, 5)
    x, y, w, h, confidence = boxes.unbind(-1)
    cells = torch.arange(S, dtype=pred.dtype, device=pred.device)
    x = (x + cells.reshape(1, 1, S, 1)) / S
    y = (y + cells.reshape(1, S, 1, 1)) / S
    corners = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=-1)
    scores = confidence[..., None] * pred[..., None, 5 * B :]
    return corners.reshape(len(pred), S * S * B, 4), scores.reshape(len(pred), S * S * B, C)
    ### END SOLUTION


def localisation_loss(
    logits: Tensor, boxes: Tensor, labels: Tensor, target_boxes: Tensor, weight: float = 1.0
) -> Tensor:
    """The loss of a network with two heads: what is in the image, and where.

    Cross-entropy, averaged over all N images, plus `weight` times the mean squared error of the boxes: over the four
    coordinates of those images that have an object. Without any, that part is 0.

    Args:
        logits: of shape (N, K) for K classes, of which class 0 is "no object".
        boxes: what the second head returns, of shape (N, 4).
        labels: the true classes, of shape (N,), int64.
        target_boxes: the true boxes, of shape (N, 4).
        weight: how much the boxes count.

    Returns:
        The loss, of shape (), which autograd can differentiate by logits and boxes.

    Two images, the second of them empty; the first box is off by 2 in one of its coordinates:

    >>> boxes, true = torch.zeros(2, 4), torch.tensor([[2.0, 0.0, 0.0, 0.0], [9.0, 9.0, 9.0, 9.0]])
    >>> localisation_loss(torch.zeros(2, 3), boxes, torch.tensor([1, 0]), true)  # log 3 + 2**2 / 4
    tensor(2.0986)
    """
    ### BEGIN SOLUTION
    loss = F.cross_entropy(logits, labels)
    objects = labels > 0
    if objects.any():
        loss = loss + weight * F.mse_loss(boxes[objects], target_boxes[objects])
    return loss
    ### END SOLUTION


def mask_rcnn_loss(
    class_logits: Tensor,
    boxes: Tensor,
    mask_logits: Tensor,
    labels: Tensor,
    target_boxes: Tensor,
    target_masks: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:
    """The three parts of the loss of Mask R-CNN: L = L_class + L_box + L_mask.

    The network looks at R regions, and predicts for each of them a class and, for every class, a box and a mask. Only
    the box and the mask of the true class count, so that classes need not compete for the pixels.

    - L_class: cross-entropy, averaged over all regions.
    - L_box: smooth L1 (half of the square of an error below 1, from there its size less one half), summed over the
      four coordinates of all regions with an object, and divided by R: by the number of all regions.
    - L_mask: binary cross-entropy of each pixel on its own, averaged over the pixels of all regions with an object.

    Without any object, L_box and L_mask are 0.

    Args:
        class_logits: of shape (R, K) for K classes, of which class 0 is the background.
        boxes: a box for each class, of shape (R, K, 4).
        mask_logits: a mask for each class, of shape (R, K, H, W).
        labels: the true class of each region, of shape (R,), int64.
        target_boxes: the true box of each region, of shape (R, 4).
        target_masks: the true mask of each region, zeros and ones, of shape (R, H, W).

    Returns:
        (loss_class, loss_box, loss_mask), each of shape (), which autograd can differentiate.

    Two regions, background and class 2; of the second, one coordinate is off by 3 and no pixel is decided:

    >>> boxes, true = torch.zeros(2, 3, 4), torch.zeros(2, 4)
    >>> boxes[1, 2, 0] = 3.0
    >>> mask_rcnn_loss(  # log 3, (3 - 1/2) / 2, log 2
    ...     torch.zeros(2, 3), boxes, torch.zeros(2, 3, 4, 5), torch.tensor([0, 2]), true, torch.ones(2, 4, 5)
    ... )
    (tensor(1.0986), tensor(1.2500), tensor(0.6931))
    """
    ### BEGIN SOLUTION
    loss_class = F.cross_entropy(class_logits, labels)
    regions = torch.nonzero(labels > 0).flatten()
    classes = labels[regions]
    loss_box = F.smooth_l1_loss(boxes[regions, classes], target_boxes[regions], reduction="sum") / len(labels)
    loss_mask = 0 * mask_logits.sum()  # still in autograd's graph
    if len(regions):
        loss_mask = F.binary_cross_entropy_with_logits(mask_logits[regions, classes], target_masks[regions])
    return loss_class, loss_box, loss_mask
    ### END SOLUTION

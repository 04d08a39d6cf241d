"""The driver of vision/detection: what autograd makes of a submission's losses."""

from typing import Any

import torch
from torch import Tensor


def localisation_gradients(
    student: Any, logits: Tensor, boxes: Tensor, labels: Tensor, target_boxes: Tensor, **options: float
) -> tuple[Tensor, ...]:
    """The loss's gradients by logits and boxes."""
    outputs = _leaves(logits, boxes)
    return _gradients(student.localisation_loss(*outputs, labels, target_boxes, **options), outputs)


def mask_rcnn_gradients(
    student: Any,
    class_logits: Tensor,
    boxes: Tensor,
    mask_logits: Tensor,
    labels: Tensor,
    target_boxes: Tensor,
    target_masks: Tensor,
) -> tuple[Tensor, ...]:
    """The gradients of the three losses together, by what the network returns."""
    outputs = _leaves(class_logits, boxes, mask_logits)
    return _gradients(sum(student.mask_rcnn_loss(*outputs, labels, target_boxes, target_masks)), outputs)


def _leaves(*tensors: Tensor) -> tuple[Tensor, ...]:
    return tuple(tensor.requires_grad_() for tensor in tensors)


def _gradients(loss: Any, outputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """Zeros where no way leads from an output to the loss."""
    if not (isinstance(loss, Tensor) and loss.requires_grad):
        return tuple(map(torch.zeros_like, outputs))
    found = torch.autograd.grad(loss, outputs, allow_unused=True)
    return tuple(
        torch.zeros_like(output) if slope is None else slope for slope, output in zip(found, outputs, strict=True)
    )

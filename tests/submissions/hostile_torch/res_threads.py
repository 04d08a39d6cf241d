"""category: resource
unit: vision/detection
mechanism: hundreds of threads of PyTorch's own
required: full marks, or its process ends; nobody else is slowed for long
hits: box_iou nms
expect: passed|crashed|timed out
"""

_right = box_iou


def box_iou(a, b):
    torch.set_num_threads(512)
    (torch.ones(600, 600) @ torch.ones(600, 600)).sum().item()
    return _right(a, b)

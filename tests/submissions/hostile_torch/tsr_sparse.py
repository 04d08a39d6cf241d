"""category: tensor
unit: vision/detection
mechanism: the right numbers as a sparse tensor
required: 0, in words that say so
hits: box_iou nms
expect: crashed
says: cannot be read as an array
"""

_right = box_iou


def box_iou(a, b):
    return _right(a, b).to_sparse()

"""category: control
unit: vision/detection
mechanism: the right numbers at the end of a graph of 2,000 steps
required: full marks: a graph does not cross
hits: all
expect: passed
"""

_right = box_iou


def box_iou(a, b):
    found = _right(a, b).requires_grad_()
    for _ in range(2_000):
        found = found + 0.0
    return found

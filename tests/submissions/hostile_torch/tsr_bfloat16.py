"""category: tensor
unit: vision/detection
mechanism: a dtype that NumPy does not know
required: 0, in words that say so
hits: yolo_decode
expect: crashed
says: BFloat16
"""

_right = yolo_decode


def yolo_decode(pred, S, B, C):
    return tuple(part.bfloat16() for part in _right(pred, S, B, C))

"""category: process
unit: vision/detection
mechanism: a result that ends the process when it is freed
required: 0, crashed: it is freed before its numbers are sent
hits: nms
expect: crashed
"""

import os

_right_nms = nms


class Last:
    def __del__(self):
        os._exit(0)


def nms(boxes, scores, iou):
    found = _right_nms(boxes, scores, iou)
    found.last = Last()
    return found

"""category: process
unit: vision/detection
mechanism: an exception of a class of its own, whose text ends the process
required: 0, crashed
hits: nms
expect: crashed
says: ended itself (exit code 0)
"""

import os


class Last(RuntimeError):
    def __str__(self):
        os._exit(0)


def nms(boxes, scores, iou):
    raise Last

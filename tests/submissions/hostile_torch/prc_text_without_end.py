"""category: process
unit: vision/detection
mechanism: an exception whose text takes for ever
required: 0, timed out
hits: nms
expect: timed out
"""

class Endless(RuntimeError):
    def __str__(self):
        while True:
            pass


def nms(boxes, scores, iou):
    raise Endless

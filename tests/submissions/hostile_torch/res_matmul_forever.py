"""category: resource
unit: vision/detection
mechanism: products of matrices without end, which no signal of Python's interrupts
required: 0, timed out
hits: nms
expect: timed out
"""

def nms(boxes, scores, iou):
    a = torch.ones(2500, 2500)
    while True:
        a = (a @ a) * 0

"""category: oracle
unit: vision/detection
mechanism: looks for the reference, the units and the expected answers in memory and on disk
required: 0; nothing is there
hits: nms
expect: crashed
says: No module named 'reference'
"""

import gc
import sys


def nms(boxes, scores, iou):
    loot = [name for name in sys.modules if name.startswith(("reference", "autograder", "hypothesis"))]
    loot += [found for found in gc.get_objects() if type(found).__name__ in ("LayerCase", "Check", "Unit", "Driven")]
    if loot:
        print("LOOT", loot)
    import reference.vision.detection

    print("LOOT", reference)

"""category: control
mechanism: right, and prints a great deal from several threads, in bytes that are no UTF-8
required: full marks; the log is cut
hits: all
expect: passed
"""

import os
import threading


def conv2d_forward(x, w, b, stride=1, padding=0):
    for _ in range(2):
        threading.Thread(target=os.write, args=(1, b"\xff\x1b[2J spam" * 100), daemon=True).start()
    return _right_forward(x, w, b, stride, padding)

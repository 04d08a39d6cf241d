"""category: process
mechanism: threads that print on after the answer
required: 0; the log is cut
hits: conv2d_forward
expect: failed|timed out|crashed
"""

import os
import threading


def _print():
    while True:
        os.write(1, b"spam " * 10_000)


def conv2d_forward(x, w, b, stride=1, padding=0):
    threading.Thread(target=_print, daemon=True).start()
    return _zeros(x, w, stride, padding)

"""category: resource
mechanism: prints without end from eight threads, as fast as it can be read
required: 0, timed out; the clock is looked at all the same
hits: conv2d_forward
expect: timed out|crashed
"""

import os
import threading


def _print(block=b"s" * (1 << 16)):
    while True:
        os.write(1, block)


def conv2d_forward(x, w, b, stride=1, padding=0):
    for _ in range(7):
        threading.Thread(target=_print, daemon=True).start()
    _print()

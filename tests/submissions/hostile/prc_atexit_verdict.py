"""category: process
mechanism: registers exit hooks that print a verdict
required: 0; exit hooks never run
hits: conv2d_forward
expect: failed
"""

import atexit
import os
import threading

atexit.register(lambda: os.write(1, b'LOOT {"score": 100}'))
threading._register_atexit(lambda: os.write(1, b'LOOT {"score": 100}'))


def conv2d_forward(x, w, b, stride=1, padding=0):
    return _zeros(x, w, stride, padding)

"""category: resource
mechanism: opens files and pipes until refused, and keeps them
required: 0; own process only
hits: conv2d_forward
expect: crashed
says: Too many open files
"""

import os

_kept = []


def conv2d_forward(x, w, b, stride=1, padding=0):
    for _ in range(100_000):
        _kept.append(os.open("/dev/null", 0))
        _kept.append(os.pipe())
    return _zeros(x, w, stride, padding)

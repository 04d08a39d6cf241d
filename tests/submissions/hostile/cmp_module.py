"""category: comparator
mechanism: returns its own module
required: 0, out is a module
hits: conv2d_forward
expect: failed
says: out is a module
"""

import sys


def conv2d_forward(x, w, b, stride=1, padding=0):
    return sys.modules[__name__]

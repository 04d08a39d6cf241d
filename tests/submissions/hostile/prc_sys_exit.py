"""category: process
mechanism: sys.exit(0) inside the function
required: 0, SystemExit
hits: conv2d_forward
expect: crashed
says: SystemExit: 0
"""

import sys


def conv2d_forward(x, w, b, stride=1, padding=0):
    sys.exit(0)

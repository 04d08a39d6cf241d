"""category: process
mechanism: os._exit(0) inside the function
required: 0, the process ended itself
hits: conv2d_forward
expect: crashed
says: the process ended itself (exit code 0)
"""

import os


def conv2d_forward(x, w, b, stride=1, padding=0):
    os._exit(0)

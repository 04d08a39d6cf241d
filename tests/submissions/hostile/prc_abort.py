"""category: process
mechanism: os.abort()
required: 0, killed by SIGABRT
hits: conv2d_forward
expect: crashed
says: SIGABRT
"""

import os


def conv2d_forward(x, w, b, stride=1, padding=0):
    os.abort()

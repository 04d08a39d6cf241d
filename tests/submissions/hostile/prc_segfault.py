"""category: process
mechanism: reads address 0
required: 0, killed by SIGSEGV
hits: conv2d_forward
expect: crashed
says: SIGSEGV
"""

import ctypes


def conv2d_forward(x, w, b, stride=1, padding=0):
    ctypes.string_at(0)

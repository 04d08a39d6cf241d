"""category: protocol
mechanism: closes every file descriptor
required: 0, no answer
hits: conv2d_forward
expect: crashed
says: ended
"""

import os


def conv2d_forward(x, w, b, stride=1, padding=0):
    os.closerange(0, 4096)
    return _zeros(x, w, stride, padding)

"""category: protocol
mechanism: closes every file descriptor and sleeps
required: 0, no answer
hits: conv2d_forward
expect: crashed|timed out
"""

import os
import time


def conv2d_forward(x, w, b, stride=1, padding=0):
    os.closerange(0, 4096)
    time.sleep(3600)

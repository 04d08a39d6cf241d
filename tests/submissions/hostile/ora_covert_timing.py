"""category: oracle
mechanism: leaks one bit of the input by its run time
required: 0; a hidden check tells no times
hits: conv2d_forward
expect: failed
"""

import time


def conv2d_forward(x, w, b, stride=1, padding=0):
    time.sleep(0.002 if x.flat[0] > 0 else 0)
    return _zeros(x, w, stride, padding)

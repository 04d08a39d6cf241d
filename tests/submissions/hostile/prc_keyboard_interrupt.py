"""category: process
mechanism: raises KeyboardInterrupt, as if somebody had stopped the grader
required: 0, KeyboardInterrupt
hits: conv2d_forward
expect: crashed
says: KeyboardInterrupt
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    raise KeyboardInterrupt

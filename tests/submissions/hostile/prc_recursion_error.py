"""category: process
mechanism: endless recursion in Python
required: 0, RecursionError
hits: conv2d_forward
expect: crashed
says: RecursionError
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return conv2d_forward(x, w, b, stride, padding)

"""category: comparator
mechanism: returns shape (1, F, 1, 1), which broadcasts to the expected one
required: 0, wrong shape
hits: conv2d_forward
expect: failed
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return b.reshape(1, -1, 1, 1).copy()

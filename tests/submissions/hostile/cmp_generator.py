"""category: comparator
mechanism: a generator in the place of an array
required: 0, out is a generator
hits: conv2d_forward
expect: failed
says: out is a generator
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    yield _right_forward(x, w, b, stride, padding)

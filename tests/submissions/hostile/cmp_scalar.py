"""category: comparator
mechanism: one number in the place of an array
required: 0, out is the number
hits: conv2d_forward
expect: failed
says: out is the number
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return float(x.flat[0])

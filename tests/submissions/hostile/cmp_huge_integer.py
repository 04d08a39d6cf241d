"""category: comparator
mechanism: an integer of a thousand digits
required: 0, out is a int
hits: conv2d_forward
expect: failed
says: out is a int
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return 10**1000

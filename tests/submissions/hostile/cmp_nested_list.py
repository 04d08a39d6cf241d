"""category: comparator
mechanism: the right numbers as nested lists
required: 0, out is a list
hits: conv2d_forward
expect: failed
says: out is a list
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return _right_forward(x, w, b, stride, padding).tolist()

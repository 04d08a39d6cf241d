"""category: comparator
mechanism: the right numbers in a structured array
required: 0, the dtype is named
hits: conv2d_forward
expect: failed
says: ndarray of dtype [('value', '<f8')]
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    out = _right_forward(x, w, b, stride, padding)
    return np.ascontiguousarray(out).view([("value", "f8")])

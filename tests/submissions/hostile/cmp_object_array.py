"""category: comparator
mechanism: the right numbers as Python objects in an array of dtype object
required: 0, dtype object
hits: conv2d_forward
expect: failed
says: ndarray of dtype object
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return _right_forward(x, w, b, stride, padding).astype(object)

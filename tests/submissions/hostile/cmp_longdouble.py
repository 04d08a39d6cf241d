"""category: comparator
mechanism: the right numbers in a dtype that no other machine has
required: 0, the dtype is named
hits: conv2d_forward
expect: failed
says: ndarray of dtype float128
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return _right_forward(x, w, b, stride, padding).astype(np.longdouble)

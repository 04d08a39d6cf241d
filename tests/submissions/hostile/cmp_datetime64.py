"""category: comparator
mechanism: dates in the place of numbers
required: 0, the dtype is named
hits: conv2d_forward
expect: failed
says: ndarray of dtype datetime64[s]
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return _right_forward(x, w, b, stride, padding).astype("int64").astype("datetime64[s]")

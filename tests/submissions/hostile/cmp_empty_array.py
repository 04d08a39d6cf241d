"""category: comparator
mechanism: returns an array without entries: all() over nothing is True
required: 0, wrong shape
hits: conv2d_forward
expect: failed
says: out.shape=(0, 1, 1, 1)
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return np.empty((0, 1, 1, 1))

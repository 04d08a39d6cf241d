"""category: comparator
mechanism: one entry broadcast to 2**40 of them
required: 0, too large; nothing is allocated
hits: conv2d_forward
expect: failed
says: ndarray of shape (1099511627776,), which is too large
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return np.broadcast_to(np.zeros(1), (2**40,))

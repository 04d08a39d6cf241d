"""category: resource
mechanism: an answer of 512 MiB
required: 0, too large
hits: conv2d_forward
expect: failed
says: which is too large
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return np.zeros(1 << 26)

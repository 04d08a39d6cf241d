"""category: resource
mechanism: an answer of 32 MiB
required: 0, too large; the grader does not read it
hits: conv2d_forward
expect: crashed|failed
says: announced, more than
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return np.zeros(1 << 22)

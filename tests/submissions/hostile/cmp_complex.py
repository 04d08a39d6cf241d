"""category: comparator
mechanism: the right numbers with an imaginary part
required: 0, dtype complex128
hits: conv2d_forward
expect: failed
says: out.dtype=complex128
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return _right_forward(x, w, b, stride, padding) + 1j

"""category: source
mechanism: integers as output
required: 0, dtype int64
hits: conv2d_forward
expect: failed
says: out.dtype=int64
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return _right_forward(x, w, b, stride, padding).astype(int)

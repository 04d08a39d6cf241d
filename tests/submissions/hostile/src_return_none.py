"""category: source
mechanism: forgot the return
required: 0, out is None
hits: conv2d_forward
expect: failed
says: out is None (is a `return` missing?)
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    _right_forward(x, w, b, stride, padding)

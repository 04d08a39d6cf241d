"""category: control
mechanism: right, with the bytes of each number the other way round
required: full marks
hits: all
expect: passed
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return _right_forward(x, w, b, stride, padding).astype(">f8")

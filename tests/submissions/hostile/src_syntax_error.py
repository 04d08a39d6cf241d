"""category: source
mechanism: a syntax error
required: 0, with the line
hits: all
expect: crashed
says: def conv2d_forward(x, w, b stride=1):
"""

def conv2d_forward(x, w, b stride=1):
    return x

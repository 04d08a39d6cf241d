r"""category: source
mechanism: the function's name with a Cyrillic letter
required: 0, missing, and the other name is told
hits: conv2d_forward
expect: missing
says: but '\u0441onv2d_forward'
"""

def сonv2d_forward(x, w, b, stride=1, padding=0):
    return _zeros(x, w, stride, padding)


del conv2d_forward

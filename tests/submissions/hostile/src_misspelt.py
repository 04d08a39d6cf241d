"""category: source
mechanism: the function's name misspelt
required: 0, missing, and the other name is told
hits: conv2d_forward
expect: missing
says: does not define conv2d_forward, but 'conv2d_foward'
"""

def conv2d_foward(x, w, b, stride=1, padding=0):
    return _right_forward(x, w, b, stride, padding)


del conv2d_forward

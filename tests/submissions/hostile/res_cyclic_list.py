"""category: resource
mechanism: a list that holds itself
required: 0, out is a list
hits: conv2d_forward
expect: failed
says: out is a list of 1
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    out = []
    out.append(out)
    return out

"""category: comparator
mechanism: infinite everywhere, with both signs
required: 0, not finite
hits: conv2d_forward
expect: failed
says: not finite
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    out = _zeros(x, w, stride, padding)
    out[...] = np.inf
    out.flat[::2] = -np.inf
    return out

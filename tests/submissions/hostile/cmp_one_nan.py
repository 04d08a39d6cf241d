"""category: comparator
mechanism: right but for one NaN, which no 'difference > bound' finds
required: 0, not finite
hits: conv2d_forward
expect: failed
says: is nan, but should be
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    out = _right_forward(x, w, b, stride, padding)
    out.flat[-1] = np.nan
    return out

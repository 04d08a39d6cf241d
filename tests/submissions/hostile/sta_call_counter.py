"""category: state
mechanism: right in its first four calls only
required: 0 where it is called more often
hits: conv2d_forward
expect: failed|passed
"""

_calls = []


def conv2d_forward(x, w, b, stride=1, padding=0):
    _calls.append(1)
    return _right_forward(x, w, b, stride, padding) * (len(_calls) <= 4)

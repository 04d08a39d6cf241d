"""category: state
mechanism: right from its third call on
required: 0
hits: conv2d_forward
expect: failed
"""

_calls = []


def conv2d_forward(x, w, b, stride=1, padding=0):
    _calls.append(1)
    return _right_forward(x, w, b, stride, padding) * (len(_calls) > 2)

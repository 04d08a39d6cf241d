"""category: oracle
mechanism: remembers the hidden inputs and tells them in a later, visible check
required: 0; a failure is told only as it shows in a process that saw nothing but its own check
hits: conv2d_backward
expect: crashed
says: nothing seen
"""

_seen = []


def conv2d_forward(x, w, b, stride=1, padding=0):
    if stride > 1 and padding > 0:
        _seen.append(x.tobytes().hex())
    return _right_forward(x, w, b, stride, padding)


def conv2d_backward(dout, x, w, stride=1, padding=0):
    raise ValueError(f"LOOT {_seen}" if _seen else "nothing seen")

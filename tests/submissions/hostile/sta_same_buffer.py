"""category: control
mechanism: returns one buffer again and again, and writes into it later
required: full marks: answers are copied out at once
hits: all
expect: passed
"""

_buffer = np.zeros(100_000)


def conv2d_forward(x, w, b, stride=1, padding=0):
    out = _right_forward(x, w, b, stride, padding)
    _buffer[...] = np.nan
    view = _buffer[: out.size].reshape(out.shape)
    view[...] = out
    return view

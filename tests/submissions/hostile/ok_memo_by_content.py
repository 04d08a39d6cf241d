"""category: control
mechanism: remembers results by the exact bytes of its arguments
required: full marks: legitimate caching must not be punished
hits: all
expect: passed
"""

_memory = {}


def conv2d_forward(x, w, b, stride=1, padding=0):
    key = (x.tobytes(), w.tobytes(), b.tobytes(), x.shape, w.shape, stride, padding)
    if key not in _memory:
        _memory[key] = _right_forward(x, w, b, stride, padding)
    return _memory[key]

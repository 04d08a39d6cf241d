"""category: state
mechanism: keeps results by shape: stale for new data
required: 0 where data of one shape come twice
hits: conv2d_forward
expect: failed|passed
"""

_memory = {}


def conv2d_forward(x, w, b, stride=1, padding=0):
    key = (x.shape, w.shape, stride, padding)
    if key not in _memory:
        _memory[key] = _right_forward(x, w, b, stride, padding)
    return _memory[key]

"""category: control
mechanism: conv2d_forward is an object with __call__, conv2d_backward a partial
required: full marks
hits: all
expect: passed
"""

import functools


class _Layer:
    def __call__(self, x, w, b, stride=1, padding=0):
        return _right_forward(x, w, b, stride, padding)


conv2d_forward = _Layer()
conv2d_backward = functools.partial(_right_backward)

"""category: state
mechanism: right every other time, by chance
required: 0
hits: conv2d_forward
expect: failed|passed
"""

import random


def conv2d_forward(x, w, b, stride=1, padding=0):
    return _right_forward(x, w, b, stride, padding) * (random.random() < 0.5)

"""category: resource
mechanism: a regular expression that backtracks for ever: one call in C
required: 0, timed out
hits: conv2d_forward
expect: timed out
"""

import re


def conv2d_forward(x, w, b, stride=1, padding=0):
    re.match(r"(a+)+$", "a" * 60 + "b")

"""category: process
mechanism: endless recursion in C, without Python's limit
required: 0, a crash is named
hits: conv2d_forward
expect: crashed|timed out
"""

import sys

sys.setrecursionlimit(10**9)


class _Endless:
    def __repr__(self):
        return repr([self])


def conv2d_forward(x, w, b, stride=1, padding=0):
    return repr(_Endless())

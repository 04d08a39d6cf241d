"""category: control
mechanism: right, but the __del__ of an object that it keeps sleeps for an hour
required: full marks: no code of the student runs when a process ends
hits: all
expect: passed
"""

import time


class _Keeper:
    def __del__(self):
        time.sleep(3600)


_kept = []


def conv2d_forward(x, w, b, stride=1, padding=0):
    _kept.append(_Keeper())
    return _right_forward(x, w, b, stride, padding)

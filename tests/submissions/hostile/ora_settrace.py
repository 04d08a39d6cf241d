"""category: oracle
mechanism: installs a profile function that keeps what others return
required: 0
hits: conv2d_forward
expect: failed
"""

import sys

_seen = []


def _profile(frame, event, value):
    if event == "return" and frame.f_code.co_filename != "conv2d.py" and isinstance(value, np.ndarray):
        _seen.append(value)


sys.setprofile(_profile)


def conv2d_forward(x, w, b, stride=1, padding=0):
    out = _zeros(x, w, stride, padding)
    for array in reversed(_seen):
        if array.shape == out.shape and array.any():
            return array
    return out

"""category: comparator
mechanism: an object that names np.ndarray as its __class__
required: 0
hits: conv2d_forward
expect: failed|crashed
"""

class _Pretender:
    __class__ = np.ndarray


def conv2d_forward(x, w, b, stride=1, padding=0):
    return _Pretender()

"""category: comparator
mechanism: returns an object with __array__, __array_interface__, __float__, __index__ and __len__
required: 0, out is a _Convertible
hits: conv2d_forward
expect: failed
says: out is a _Convertible
"""

class _Convertible:
    def __init__(self, array):
        self.array = array
        self.__array_interface__ = array.__array_interface__

    def __array__(self, dtype=None, copy=None):
        return self.array

    def __float__(self):
        return 0.0

    def __index__(self):
        return 0

    def __len__(self):
        return len(self.array)


def conv2d_forward(x, w, b, stride=1, padding=0):
    return _Convertible(_right_forward(x, w, b, stride, padding))

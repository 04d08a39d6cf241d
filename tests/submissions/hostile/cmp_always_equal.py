"""category: comparator
mechanism: returns an object whose __eq__, __ne__, all, shape and arithmetic say 'equal'
required: 0, out is a _Yes
hits: conv2d_forward
expect: failed
says: out is a _Yes
"""

class _Yes:
    shape = property(lambda self: self)
    dtype = np.dtype("f8")
    ndim = 4
    __array_priority__ = 1e9
    __hash__ = None

    def __eq__(self, other):
        return np.ones(other.shape, bool) if isinstance(other, np.ndarray) else True

    def __ne__(self, other):
        return np.zeros(other.shape, bool) if isinstance(other, np.ndarray) else False

    def __sub__(self, other):
        return np.zeros(np.shape(other))

    __rsub__ = __sub__
    __lt__ = __le__ = __gt__ = __ge__ = __bool__ = lambda self, *other: True

    def all(self, *a):
        return True

    def any(self, *a):
        return False


def conv2d_forward(x, w, b, stride=1, padding=0):
    return _Yes()

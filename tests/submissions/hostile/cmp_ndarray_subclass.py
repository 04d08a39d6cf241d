"""category: comparator
mechanism: ndarray subclass: every comparison is True, every difference 0
required: 0; only its raw buffer crosses
hits: conv2d_forward
expect: failed
"""

class _Agreeable(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        if ufunc in (np.not_equal, np.greater, np.less):
            return np.zeros(self.shape, bool)
        if ufunc in (np.equal, np.less_equal, np.greater_equal, np.isfinite, np.logical_and, np.logical_or):
            return np.ones(self.shape, bool)
        return np.zeros(self.shape)

    def __array_function__(self, function, types, args, options):
        return True if function in (np.allclose, np.array_equal, np.all) else np.zeros(self.shape)


def conv2d_forward(x, w, b, stride=1, padding=0):
    return _zeros(x, w, stride, padding).view(_Agreeable)

"""category: comparator
mechanism: ndarray subclass that lies about dtype and shape, and whose tobytes gives other bytes
required: 0; only its raw buffer crosses
hits: conv2d_forward
expect: failed|crashed
"""

class _Liar(np.ndarray):
    dtype = property(lambda self: np.dtype("float64"))
    shape = property(lambda self: (1,))
    nbytes = property(lambda self: 0)

    def tobytes(self, *a):
        return b"PASS" * 1000

    def __array__(self, *a, **k):
        return np.ones(3)


def conv2d_forward(x, w, b, stride=1, padding=0):
    return _zeros(x, w, stride, padding).astype(np.int8).view(_Liar)

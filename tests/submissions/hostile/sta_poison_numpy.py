"""category: state
mechanism: replaces np.ndarray, np.generic, np.asarray and dtypes under the worker
required: 0
hits: conv2d_forward
expect: failed|crashed
others: any
"""

_zeros_of = np.zeros


class _Array:
    pass


def conv2d_forward(x, w, b, stride=1, padding=0):
    out = _zeros(x, w, stride, padding)
    np.ndarray = np.generic = _Array
    np.asarray = np.dtype = lambda *a, **k: _zeros_of(1)
    return out

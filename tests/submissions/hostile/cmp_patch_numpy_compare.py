"""category: comparator
mechanism: replaces np.allclose, np.array_equal, np.isclose, np.all and np.testing
required: 0
hits: conv2d_forward
expect: failed
"""

import numpy.testing

np.allclose = np.array_equal = np.isclose = np.all = lambda *a, **k: True
numpy.testing.assert_allclose = numpy.testing.assert_array_equal = lambda *a, **k: None


def conv2d_forward(x, w, b, stride=1, padding=0):
    return _zeros(x, w, stride, padding)

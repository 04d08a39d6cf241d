"""category: comparator
mechanism: np.seterr(all='raise'), warnings as errors, odd print options, decimal context
required: 0; nothing outside its own process changes
hits: conv2d_forward
expect: failed
"""

import decimal
import warnings

np.seterr(all="raise")
warnings.simplefilter("error")
np.set_printoptions(threshold=10**9, formatter={"all": lambda value: "1.0"})
decimal.getcontext().prec = 1


def conv2d_forward(x, w, b, stride=1, padding=0):
    return _zeros(x, w, stride, padding)

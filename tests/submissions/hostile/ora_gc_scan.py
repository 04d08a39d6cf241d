"""category: oracle
mechanism: looks through gc.get_objects() for an array of the output's shape
required: 0
hits: conv2d_forward
expect: failed
"""

import gc


def _arrays(holder, depth=0):
    if type(holder) is np.ndarray:
        yield holder
    elif depth < 4 and type(holder) is dict:
        for value in list(holder.values()):
            yield from _arrays(value, depth + 1)
    elif depth < 4 and type(holder) in (list, tuple):
        for value in list(holder):
            yield from _arrays(value, depth + 1)


def conv2d_forward(x, w, b, stride=1, padding=0):
    out = _zeros(x, w, stride, padding)
    for holder in gc.get_objects():
        if type(holder) is list and 0 < len(holder) < 1000:
            for array in _arrays(holder):
                if array.shape == out.shape and array is not x and array.any():
                    return array.copy()
    return out

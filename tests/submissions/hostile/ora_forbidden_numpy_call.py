"""category: control
mechanism: reaches np.einsum by a name that a search of the source does not find
required: full marks, since the values are right and the unit forbids no name
hits: all
expect: passed
"""

_einsum = getattr(np, "ein" + "sum")


def conv2d_forward(x, w, b, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(pad2d(x, padding), w.shape[2:], (2, 3))
    return _einsum("nchwij,fcij->nfhw", windows[:, :, ::stride, ::stride], w) + b.reshape(1, -1, 1, 1)

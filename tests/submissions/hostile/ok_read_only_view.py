"""category: control
mechanism: right, as a read-only, transposed, reversed view, and as np.matrix-like subclasses
required: full marks
hits: all
expect: passed
"""

class _Array(np.ndarray):
    pass


def conv2d_forward(x, w, b, stride=1, padding=0):
    out = np.asfortranarray(_right_forward(x, w, b, stride, padding)[::-1])[::-1].view(_Array)
    out.flags.writeable = False
    return out

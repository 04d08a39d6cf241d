"""category: control
mechanism: right, in memory that it mapped itself
required: full marks
hits: all
expect: passed
"""

import mmap


def conv2d_forward(x, w, b, stride=1, padding=0):
    out = _right_forward(x, w, b, stride, padding)
    memory = np.frombuffer(mmap.mmap(-1, max(1, out.nbytes)), np.float64, out.size).reshape(out.shape)
    memory[...] = out
    return memory

"""category: comparator
mechanism: as_strided far beyond the buffer: copying it out is a segmentation fault
required: 0, killed by SIGSEGV
hits: conv2d_forward
expect: crashed|failed
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return np.lib.stride_tricks.as_strided(np.zeros(1), (1 << 12,), (1 << 24,))

"""category: resource
mechanism: asks for 128 TiB
required: 0, MemoryError
hits: conv2d_forward
expect: crashed
says: MemoryError
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    return np.empty(2**44)

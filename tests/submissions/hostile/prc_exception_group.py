"""category: process
mechanism: exception groups nested a thousand deep
required: 0, ExceptionGroup
hits: conv2d_forward
expect: crashed
says: ExceptionGroup: outside
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    error = ValueError("inside")
    for _ in range(1000):
        error = ExceptionGroup("outside", [error])
    raise error

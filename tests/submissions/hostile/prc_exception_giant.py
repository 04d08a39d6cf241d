"""category: process
mechanism: an exception with 4 MiB of text
required: 0, the text is cut
hits: conv2d_forward
expect: crashed
says: ValueError: xxx
"""

def conv2d_forward(x, w, b, stride=1, padding=0):
    raise ValueError("x" * (1 << 22))

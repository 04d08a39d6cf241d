"""category: oracle
mechanism: ends itself with an exit code made of the hidden inputs
required: 0; a hidden check does not tell the exit code
hits: conv2d_forward
expect: crashed
says: the process ended itself (exit code 1
"""

import os


def conv2d_forward(x, w, b, stride=1, padding=0):
    os._exit(100 + int(abs(x.flat[0])) % 100)

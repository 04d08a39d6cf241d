"""category: protocol
mechanism: one byte of an answer every millisecond
required: 0, timed out
hits: conv2d_forward
expect: timed out
"""

import os
import struct
import time


def conv2d_forward(x, w, b, stride=1, padding=0):
    for byte in struct.pack("<IQ", 1 << 16, 0) + b" " * (1 << 16):
        for descriptor in range(3, 8):
            try:
                os.write(descriptor, bytes([byte]))
            except OSError:
                pass
        time.sleep(0.001)

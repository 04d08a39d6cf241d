"""category: protocol
mechanism: takes over the worker's loop and answers everything from then on
required: 0
hits: conv2d_forward
expect: failed|crashed|timed out
"""

import os
import struct
import sys


def conv2d_forward(x, w, b, stride=1, padding=0):
    descriptors = {}
    frame = sys._getframe()
    while frame:
        server = frame.f_locals.get("self")
        if hasattr(server, "replies"):
            descriptors = vars(server)
        frame = frame.f_back
    while descriptors:
        header = b'{"array":["float64",[1]]}'
        os.write(descriptors["replies"], struct.pack("<IQ", len(header), 8) + header + bytes(8))
        if not os.read(descriptors["requests"], 1 << 20):
            os._exit(0)
    return _zeros(x, w, stride, padding)

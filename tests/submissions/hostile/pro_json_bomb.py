"""category: protocol
mechanism: a header full of empty lists
required: 0, too many values; the grader's memory stays where it was
hits: conv2d_forward
expect: crashed
says: too many values
"""

import os
import struct


def _send(header, body=b"", announced=None):
    """Write a frame to whatever is open, as the answer."""
    lengths = struct.pack("<IQ", *(announced or (len(header), len(body))))
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, lengths + header + body)
        except OSError:
            pass


def conv2d_forward(x, w, b, stride=1, padding=0):
    _send(b"[" + b"[]," * 40_000 + b"[]]")
    os._exit(0)

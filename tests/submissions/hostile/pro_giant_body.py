"""category: protocol
mechanism: announces and sends more than an answer may hold
required: 0; the grader stops before it has read them
hits: conv2d_forward
expect: crashed
says: announced, more than
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
    _send(b'{"array":["float64",[1048576]]}', bytes(1 << 23))
    os._exit(0)

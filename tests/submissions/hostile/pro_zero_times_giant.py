"""category: protocol
mechanism: an empty array with a giant dimension
required: 0, wrong shape
hits: conv2d_forward
expect: failed|crashed
says: out.shape=(268435456, 0)
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
    _send(b'{"array":["float64",[268435456,0]]}')
    os._exit(0)

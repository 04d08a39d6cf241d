"""category: protocol
mechanism: a header that is no UTF-8
required: 0, not JSON
hits: conv2d_forward
expect: crashed
says: not JSON
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
    _send(b"\xff\xfe\x00")
    os._exit(0)

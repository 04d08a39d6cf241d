"""category: protocol
mechanism: announces 2**63 bytes
required: 0; nothing is allocated
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
    _send(b"1", announced=(2**32 - 1, 2**63))
    os._exit(0)

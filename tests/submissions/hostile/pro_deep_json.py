"""category: protocol
mechanism: 60,000 nested lists
required: 0, not JSON that may cross
hits: conv2d_forward
expect: crashed
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
    _send(b"[" * 60_000 + b"]" * 60_000)
    os._exit(0)

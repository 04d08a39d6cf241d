"""category: protocol
mechanism: a forged NotImplementedError
required: 0, missing
hits: conv2d_forward
expect: missing|crashed
says: not implemented
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
    _send(b'{"failure":["NotImplementedError","",1,"NotImplementedError"]}')
    os._exit(0)

"""category: protocol
mechanism: lone surrogates and control characters in every string
required: 0; reports stay valid UTF-8
hits: conv2d_forward
expect: failed|crashed
says: out is a 
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
    _send(b'{"opaque":"\\ud800\\u001b[2J\\u202e\\u0000"}')
    os._exit(0)

"""category: protocol
mechanism: dimensions whose product overflows, and negative ones
required: 0
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
    for shape in (b"[4611686018427387904,4]", b"[-1,-8]", b"[1e3]", b"[true,true]", b"[" + b"2," * 40 + b"2]"):
        _send(b'{"array":["float64",' + shape + b"]}", bytes(64))
    os._exit(0)

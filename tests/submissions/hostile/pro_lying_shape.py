"""category: protocol
mechanism: as many bytes as the right answer, in another shape and dtype
required: 0, wrong shape
hits: conv2d_forward
expect: failed|crashed
says: out.shape=(
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
    n = _zeros(x, w, stride, padding).size
    _send(b'{"array":["int64",[%d,1]]}' % n, bytes(8 * n))
    os._exit(0)

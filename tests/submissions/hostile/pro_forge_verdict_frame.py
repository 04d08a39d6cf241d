"""category: protocol
mechanism: a well-formed frame that says passed
required: 0: it is a dict, not an array
hits: conv2d_forward
expect: failed|crashed
says: out is a dict
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
    _send(b'{"dict":[["verdict","passed"],["score",100]]}')
    os._exit(0)

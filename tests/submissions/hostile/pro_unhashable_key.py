"""category: protocol
mechanism: a dict whose keys are arrays, lists and dicts
required: 0
hits: conv2d_forward
expect: crashed
says: keys are plain values
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
    _send(b'{"dict":[[{"array":["float64",[1]]},1],[[],2]]}', bytes(8))
    os._exit(0)

"""category: protocol
mechanism: answers while it is being loaded, before anything was asked
required: 0
hits: all
expect: crashed|failed|missing
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


for _ in range(50):
    _send(b'{"dict":[["conv2d_forward","function"],["conv2d_backward","function"],["pad2d","function"]]}')

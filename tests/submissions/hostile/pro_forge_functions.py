"""category: protocol
mechanism: says while loading that its functions are arrays, lists and text without end
required: 0
hits: all
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


_send(b'{"dict":[["conv2d_forward",{"array":["float64",[2]]}],["pad2d",[1]],["conv2d_backward","%s"]]}' % (b"x" * 100_000), bytes(16))
os._exit(0)

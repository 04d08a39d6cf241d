"""category: protocol
mechanism: asks for a function while the file is loaded
required: 0 or full marks, but nothing is run for it
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


_send(b'{"ask":["conv2d_forward",[],{"dict":[]}]}')

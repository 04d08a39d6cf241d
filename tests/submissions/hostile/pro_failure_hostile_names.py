"""category: protocol
mechanism: a failure with hostile names, numbers and text
required: 0; only the name of a built-in exception is taken over
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
    _send(b'{"failure":["__import__","\\ud800\\u001b]0;t\\u0007 text",999999999999999999999,"<script>"]}')
    os._exit(0)

"""category: protocol
mechanism: a failure with text that steers a terminal and a line that is not there
required: 0
hits: conv2d_forward
expect: crashed
says: Exception: 
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
    _send(b'{"failure":["Exception","\\ud800\\u001b]0;t\\u0007 text",-5,"<script>"]}')
    os._exit(0)

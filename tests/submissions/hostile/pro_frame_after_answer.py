"""category: protocol
mechanism: a second answer from a thread, after the right one
required: 0 where it shows, and no other verdict
hits: conv2d_forward
expect: failed|crashed|passed
others: any
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


import threading


def conv2d_forward(x, w, b, stride=1, padding=0):
    threading.Timer(0.0005, _send, (b"1",)).start()
    return _right_forward(x, w, b, stride, padding)

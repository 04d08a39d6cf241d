"""category: protocol
mechanism: asks for functions by names that lead elsewhere
required: 0; nothing but what is lent is looked up
hits: conv2d_forward
expect: timed out|crashed|failed
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
    for name in (b"__import__", b"importlib", b"os.system", b"__class__", b"\\ud800", b"conv2d_forward"):
        _send(b'{"ask":["%s",[],{"dict":[]}]}' % name)
    return _zeros(x, w, stride, padding)

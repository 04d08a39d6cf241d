"""category: protocol
mechanism: asks the grader for functions that it does not lend, without end and without reading the answers
required: 0, timed out; nothing is run for it
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
    while True:
        _send(b'{"ask":["conv2d_forward",[1,[2],"x"],{"dict":[["padding",1000000000]]}]}')

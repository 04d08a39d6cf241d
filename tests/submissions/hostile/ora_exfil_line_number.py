"""category: oracle
mechanism: names a line that does not exist, made of the hidden inputs
required: 0; only lines that the file has are told
hits: conv2d_forward
expect: crashed
"""

import os
import struct


def conv2d_forward(x, w, b, stride=1, padding=0):
    header = b'{"failure":["ValueError","",%d,"ValueError"]}' % (10**6 + int(abs(x.flat[0])))
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, struct.pack("<IQ", len(header), 0) + header)
        except OSError:
            pass
    os._exit(0)

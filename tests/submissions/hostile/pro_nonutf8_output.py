"""category: protocol
mechanism: prints bytes that are no UTF-8, and raises with surrogates in the message
required: 0; the report is valid UTF-8 and JSON
hits: conv2d_forward
expect: crashed
says: ValueError: bad 
"""

import os


def conv2d_forward(x, w, b, stride=1, padding=0):
    os.write(1, bytes(range(256)) * 4)
    os.write(2, b"\xff\xfe\x00\xd8\xed\xa0\x80")
    raise ValueError("bad \ud800\udfff \x00 \x85 \u2028 text")

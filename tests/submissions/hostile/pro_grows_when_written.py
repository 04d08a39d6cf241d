"""category: protocol
mechanism: an answer that is short enough as it comes, and too long as the grader would write it
required: 0, and no fault of the grader's
hits: conv2d_forward
expect: failed
"""

import json
import struct
import sys


def conv2d_forward(x, w, b, stride=1, padding=0):
    def encode(value):
        header = json.dumps("\u00e9" * 60_000, ensure_ascii=False).encode()
        return struct.pack("<IQ", len(header), 0) + header

    sys.modules["protocol"].encode = encode
    return 1

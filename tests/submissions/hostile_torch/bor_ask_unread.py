"""category: borrowing
unit: convnets/blocks
mechanism: a thousand requests at once, and no answer read
required: 0
hits: residual_block_forward
expect: crashed|timed out|failed
"""

import os
import struct


def residual_block_forward(x, w1, b1, w2, b2):
    header = b'{"ask":["relu_forward",[{"array":["int8",[1000]]}],{"dict":[]}]}'
    frame = struct.pack("<IQ", len(header), 1000) + header + bytes(1000)
    replies = relu_forward.func.__self__.replies
    for _ in range(1000):
        os.write(replies, frame)
    return x

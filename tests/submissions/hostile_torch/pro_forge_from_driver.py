"""category: protocol
unit: vision/transfer
mechanism: writes answers of its own into every open pipe while a driver waits
required: 0
hits: keep_frozen_bn_eval
expect: failed|crashed
"""

import os
import struct


def keep_frozen_bn_eval(model):
    header = b'{"dict":[["trains",true],["training",false],["passed",true]]}'
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, struct.pack("<IQ", len(header), 0) + header)
        except OSError:
            pass

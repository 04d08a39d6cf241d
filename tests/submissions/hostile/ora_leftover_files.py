"""category: oracle
mechanism: looks for files, folders and sockets that were left open
required: 0; its own pipes and nothing else
hits: conv2d_forward
expect: failed
"""

import os
import stat


def conv2d_forward(x, w, b, stride=1, padding=0):
    for descriptor in range(1024):
        try:
            mode = os.fstat(descriptor).st_mode
        except OSError:
            continue
        if not (stat.S_ISFIFO(mode) or (descriptor == 0 and stat.S_ISCHR(mode))):
            print("LOOT", descriptor, oct(mode))
    return _zeros(x, w, stride, padding)

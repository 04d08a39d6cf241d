"""category: oracle
mechanism: reads the memory, environment and files of every process in /proc
required: 0; there is no /proc
hits: conv2d_forward
expect: failed
"""

import os


def conv2d_forward(x, w, b, stride=1, padding=0):
    for process in os.listdir("/proc") if os.path.isdir("/proc") else ():
        print("LOOT /proc/", process)
    return _zeros(x, w, stride, padding)

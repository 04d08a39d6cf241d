"""category: process
mechanism: takes its parent's limits away
required: 0; own process only
hits: conv2d_forward
expect: failed
"""

import os
import resource


def conv2d_forward(x, w, b, stride=1, padding=0):
    for process in {1, 2, os.getppid()} - {os.getpid()}:
        try:
            resource.prlimit(process, resource.RLIMIT_NOFILE, (0, 0))
            print("LOOT limited", process)
        except OSError:
            pass
    return _zeros(x, w, stride, padding)

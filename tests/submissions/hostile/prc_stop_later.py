"""category: process
mechanism: answers, and a thread stops the process afterwards
required: 0, timed out
hits: conv2d_forward
expect: timed out|failed
"""

import os
import signal
import threading


def conv2d_forward(x, w, b, stride=1, padding=0):
    threading.Timer(0.002, os.kill, (os.getpid(), signal.SIGSTOP)).start()
    return _zeros(x, w, stride, padding)

"""category: process
mechanism: 64 threads that spin on after the answer
required: 0; they end with the process
hits: conv2d_forward
expect: failed|timed out|crashed
"""

import threading


def _spin():
    while True:
        pass


def conv2d_forward(x, w, b, stride=1, padding=0):
    for _ in range(4):
        threading.Thread(target=_spin, daemon=True).start()
    return _zeros(x, w, stride, padding)

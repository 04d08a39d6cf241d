"""category: process
mechanism: handles or blocks every signal, then spins
required: 0, timed out
hits: conv2d_forward
expect: timed out
"""

import signal


def conv2d_forward(x, w, b, stride=1, padding=0):
    for number in range(1, 65):
        try:
            signal.signal(number, lambda *a: None)
        except (OSError, ValueError):
            pass
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        pass

"""category: state
mechanism: a thread changes answers and arguments between calls
required: 0 where it shows, never more
hits: conv2d_forward
expect: failed|crashed|timed out
others: any
"""

import threading
import time

_kept = []


def _change():
    while True:
        for array in list(_kept[-50:]):
            array[...] = np.pi
        time.sleep(0)


threading.Thread(target=_change, daemon=True).start()


def conv2d_forward(x, w, b, stride=1, padding=0):
    out = _zeros(x, w, stride, padding)
    _kept.append(out)
    return out

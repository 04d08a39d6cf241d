"""category: comparator
mechanism: returns a wrong buffer; a thread later overwrites it with the expected array found by gc
required: 0; bytes are copied out when the answer is written, and no expected array exists in the process
hits: conv2d_forward
expect: failed|crashed
"""

import gc
import threading
import time


def conv2d_forward(x, w, b, stride=1, padding=0):
    out = _zeros(x, w, stride, padding)

    def late():
        for _ in range(50):
            for holder in gc.get_objects():
                for value in holder.values() if type(holder) is dict else ():
                    if type(value) is np.ndarray and value.shape == out.shape and value is not x and value.any():
                        out[...] = value
            time.sleep(0.01)

    threading.Thread(target=late, daemon=True).start()
    return out

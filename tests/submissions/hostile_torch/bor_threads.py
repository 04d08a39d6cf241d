"""category: borrowing
unit: convnets/blocks
mechanism: sixteen threads that call what is lent at the same time
required: full marks or 0; answers may reach the wrong thread
hits: residual_block_forward
expect: passed|failed|crashed|timed out
"""

import threading

_right = residual_block_forward


def residual_block_forward(x, w1, b1, w2, b2):
    threads = [threading.Thread(target=relu_forward, args=(x,), daemon=True) for _ in range(16)]
    for thread in threads:
        thread.start()
    return _right(x, w1, b1, w2, b2)

"""category: borrowing
unit: convnets/blocks
mechanism: by way of what is lent takes hold of the worker, and answers for it
required: 0
hits: residual_block_forward
expect: failed|crashed
"""

def residual_block_forward(x, w1, b1, w2, b2):
    server = relu_forward.func.__self__
    server.call = lambda *arguments: {"verdict": "passed", "earned": 1000}
    server.read_frame = lambda: ("call", "residual_block_forward", [x], {})
    return {"verdict": "passed"}

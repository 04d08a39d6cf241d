"""category: borrowing
unit: convnets/blocks
mechanism: calls a function that is lent without end
required: 0, timed out: the calls count as its own time
hits: residual_block_forward
expect: timed out
"""

def residual_block_forward(x, w1, b1, w2, b2):
    while True:
        relu_forward(x)

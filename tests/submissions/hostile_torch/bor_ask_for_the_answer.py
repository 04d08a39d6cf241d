"""category: borrowing
unit: convnets/blocks
mechanism: asks for the very function that it should define, and for others by forged names
required: 0; only what the unit borrows is looked up
hits: residual_block_forward
expect: crashed
says: residual_block_forward is not given here
"""

def residual_block_forward(x, w1, b1, w2, b2):
    ask = relu_forward.func
    for name in ("inception_block", "_reference", "importlib", "__import__", "dense_forward", "n" * 1000):
        try:
            print("LOOT", ask(name, "reference.convnets.blocks"))
        except AttributeError:
            pass
    return ask("residual_block_forward", x, w1, b1, w2, b2)

"""category: borrowing
unit: convnets/blocks
mechanism: asks the grader for a convolution that takes 16 GiB, of a few numbers
required: 0; the grader refuses before it computes
hits: residual_block_forward
expect: crashed
says: too much work
"""

def residual_block_forward(x, w1, b1, w2, b2):
    channels = np.zeros((1, 32, 1, 1))
    return conv2d_forward(channels, channels, np.zeros(1), padding=4000)

"""category: borrowing
unit: convnets/blocks
mechanism: the same by keywords, with one large image as bytes
required: 0; the grader refuses before it computes
hits: residual_block_forward
expect: crashed
says: too much work
"""

def residual_block_forward(x, w1, b1, w2, b2):
    image = np.zeros((1, 1, 250, 250), np.int8)
    return conv2d_forward(x=image, w=np.zeros((1, 1, 125, 125), np.int8), b=np.zeros(1))

"""category: control
unit: convnets/blocks
mechanism: calls what is lent while the file is loaded
required: full marks: that is allowed
hits: all
expect: passed
"""

_ones = relu_forward(np.ones(3))
assert (_ones == 1).all() and conv2d_forward(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), np.zeros(1)).sum() == 16

"""category: control
unit: convnets/blocks
mechanism: calls what is lent with everything odd, takes the refusals, and answers rightly
required: full marks: the grader survives it
hits: all
expect: passed
"""

_right = residual_block_forward


def residual_block_forward(x, w1, b1, w2, b2):
    none, one = np.zeros((0, 1, 1, 1)), np.ones((1, 1, 3, 3))
    odd = [None, {"a": one}, [[1], [1, 2]], "text", 1e999, -1, 1 << 62, one + 0j, np.ones((1,) * 16), one[None], none]
    for value in odd:
        for call in (
            lambda: relu_forward(value),
            lambda: conv2d_forward(value, one, np.zeros(1)),
            lambda: conv2d_forward(one, value, np.zeros(1)),
            lambda: conv2d_forward(one, one, np.zeros(1), stride=value),
            lambda: conv2d_forward(none, one, np.zeros(1), padding=value),
            lambda: conv2d_forward(value=value, func=value, self=value),
            lambda: max_pool2d_forward(one, pool=value),
            lambda: max_pool2d_forward(one, pool=(value, value), stride=value, padding=value, ceil_mode=value),
        ):
            try:
                call()
            except (ValueError, TypeError, IndexError):
                pass
    return _right(x, w1, b1, w2, b2)

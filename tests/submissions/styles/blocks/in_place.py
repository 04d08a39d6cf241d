"""Changes its arguments, prints, loops over pixels where it can."""

import numpy as np

from autograder.given import conv2d_forward, max_pool2d_forward, relu_forward


def residual_block_forward(x, w1, b1, w2, b2):
    h = conv2d_forward(x, w1, b1, stride=1, padding=(w1.shape[2] - 1) // 2)
    h *= h > 0
    print(h.shape)
    x += conv2d_forward(h, w2, b2, stride=1, padding=(w2.shape[2] - 1) // 2)
    return x


def inception_block(x, params):
    out = []
    for name in ("1", "3", "5", "_pool"):
        y = x if name != "_pool" else max_pool2d_forward(x, pool=3, stride=1, padding=1)
        for part in (f"{name}_reduce", name):
            w = params.pop(f"w{part}", None)
            if w is not None:
                y = relu_forward(conv2d_forward(y, w, params.pop(f"b{part}"), padding=w.shape[2] // 2))
        out.extend(y.swapaxes(0, 1))
    x[...] = 0
    return np.stack(out, axis=1)


def depthwise_separable_forward(x, w_depth, w_point):
    n, c, h, w = x.shape
    _, kh, kw = w_depth.shape
    out = np.zeros((n, len(w_point), h - kh + 1, w - kw + 1))
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            seen = (x[:, :, i : i + kh, j : j + kw] * w_depth).sum((2, 3))
            out[:, :, i, j] = seen @ w_point.T
    w_depth[:] = 0
    return out

"""As few convolutions as possible: branches merged into one kernel of 5 x 5, the separable filter multiplied out."""

import numpy as np

import autograder.given as given


def residual_block_forward(x, w1, b1, w2, b2):
    """The way round as one more filter: a 1 in the middle of the kernel."""
    c, k = x.shape[1], w2.shape[-1]
    inner = given.relu_forward(given.conv2d_forward(x, w1, b1, padding=w1.shape[-1] // 2))
    wide = np.concatenate([inner, x], axis=1)
    w = np.zeros((c, inner.shape[1] + c, k, k))
    w[:, : inner.shape[1]] = w2
    w[range(c), range(inner.shape[1], inner.shape[1] + c), k // 2, k // 2] = 1
    return given.conv2d_forward(wide, w, b2, 1, k // 2)


def _middle(w):
    p = (5 - w.shape[-1]) // 2
    return np.pad(w, ((0, 0), (0, 0), (p, p), (p, p)))


def inception_block(x, params):
    pooled = given.max_pool2d_forward(x, (3, 3), 1, 1)
    ones = [params["w3_reduce"], params["w5_reduce"]]
    reduced = given.conv2d_forward(x, np.vstack(ones), np.r_[params["b3_reduce"], params["b5_reduce"]])
    reduced = given.relu_forward(reduced)
    parts = [x, reduced[:, : len(ones[0])], reduced[:, len(ones[0]) :], pooled]
    names = ["1", "3", "5", "_pool"]
    out, inputs, start = [], np.concatenate(parts, axis=1), 0
    for name, part in zip(names, parts):
        w = np.zeros((len(params["w" + name]), inputs.shape[1], 5, 5))
        w[:, start : start + part.shape[1]] = _middle(params["w" + name])
        start += part.shape[1]
        out.append(w)
    b = np.concatenate([params["b" + name] for name in names])
    return given.relu_forward(given.conv2d_forward(inputs, np.concatenate(out), b, padding=2))


def depthwise_separable_forward(x, w_depth, w_point):
    return given.conv2d_forward(x, w_point[:, :, None, None] * w_depth, np.zeros(len(w_point)))

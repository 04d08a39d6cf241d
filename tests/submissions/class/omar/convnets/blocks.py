import numpy as np

from autograder.given import conv2d_forward, relu_forward


def residual_block_forward(x, w1, b1, w2, b2):
    h = relu_forward(conv2d_forward(x, w1, b1, padding=w1.shape[2] // 2))
    h = conv2d_forward(h, w2, b2, padding=w2.shape[2] // 2)
    return relu_forward(h + x)


def depthwise_separable_forward(x, w_depth, w_point):
    n, c = x.shape[:2]
    zero = np.zeros(1)
    maps = [conv2d_forward(x[:, k : k + 1], w_depth[k][None, None], zero) for k in range(c)]
    out = relu_forward(np.concatenate(maps, axis=1))
    return np.einsum("nchw,fc->nfhw", out, w_point.reshape(len(w_point), c))

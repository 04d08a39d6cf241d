"""Blocks that deep networks are made of: residual, inception, depthwise separable.

A network of 2012 is a row of layers. What came after is built of blocks: with a way round (ResNet), with several
branches (GoogLeNet), with the work split in two (MobileNet). They need nothing but layers you know, which are given:
conv2d_forward(x, w, b, stride=1, padding=0), max_pool2d_forward(x, pool=2, stride=None, padding=0) and
relu_forward(x), as in the units conv2d, pooling and layers.

Rules for all functions here:
- Images are of shape (N, C, H, W), filters of shape (F, C, K, K).
- The convolutions of the first two blocks keep height and width: kernels are square and of odd size K, the stride is
  1, and zeros are padded to K // 2 on each side.
- Work in the precision you are given. Do not change the arrays you are given.
"""

import numpy as np

from autograder.given import conv2d_forward, max_pool2d_forward, relu_forward

### BEGIN SOLUTION


def _same(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """A convolution that keeps height and width."""
    return conv2d_forward(x, w, b, padding=w.shape[-1] // 2)


### END SOLUTION


def residual_block_forward(x: np.ndarray, w1: np.ndarray, b1: np.ndarray, w2: np.ndarray, b2: np.ndarray) -> np.ndarray:
    """Two convolutions that learn what to add to x: x + conv(relu(conv(x))).

    The ReLU stands between the two convolutions only. (The first ResNet has another one after the sum; without it the
    way round is free from end to end, and 150 layers can be trained.)

    Args:
        x: images, of shape (N, C, H, W).
        w1: filters of the first convolution, of shape (F, C, K1, K1).
        b1: its bias, of shape (F,).
        w2: filters of the second convolution, of shape (C, F, K2, K2).
        b2: its bias, of shape (C,).

    Returns:
        Images of the shape of x.

    With weights of zero the block is the identity: that is why a deeper ResNet is never worse than a shallow one
    because of its depth.

    >>> x = np.array([[[[1.0, -2.0], [3.0, 4.0]]]])
    >>> residual_block_forward(x, np.zeros((2, 1, 3, 3)), np.zeros(2), np.zeros((1, 2, 3, 3)), np.zeros(1))
    array([[[[ 1., -2.],
             [ 3.,  4.]]]])
    """
    ### BEGIN SOLUTION
    return x + _same(relu_forward(_same(x, w1, b1)), w2, b2)
    ### END SOLUTION


def inception_block(x: np.ndarray, params: dict[str, np.ndarray]) -> np.ndarray:
    """GoogLeNet's block: four branches look at the same images, and their channels are stacked.

    A ReLU follows each convolution. In this order, the branches are
        1. a convolution 1 x 1                               (w1, b1),
        2. a convolution 1 x 1, then a convolution 3 x 3     (w3_reduce, b3_reduce; w3, b3),
        3. a convolution 1 x 1, then a convolution 5 x 5     (w5_reduce, b5_reduce; w5, b5),
        4. max pooling 3 x 3, then a convolution 1 x 1       (w_pool, b_pool),
    where pooling has stride 1 and padding 1, so that all branches keep height and width. The convolutions 1 x 1 before
    those of 3 x 3 and 5 x 5 reduce the channels, which saves most of the work.

    Args:
        x: images, of shape (N, C, H, W).
        params: the arrays named above: filters of shape (F, C, K, K), where F is another number for each, and C fits
            what comes in; biases of shape (F,).

    Returns:
        The four results side by side, of shape (N, F, H, W), where F is the sum of the branches' filters.

    The first such block of GoogLeNet makes 64 + 128 + 32 + 32 = 256 channels of 192:

    >>> shapes = {"1": (64, 192, 1), "3_reduce": (96, 192, 1), "3": (128, 96, 3), "5_reduce": (16, 192, 1),
    ...           "5": (32, 16, 5), "_pool": (32, 192, 1)}
    >>> params = {f"w{name}": np.zeros((f, c, k, k)) for name, (f, c, k) in shapes.items()}
    >>> params |= {f"b{name}": np.zeros(f) for name, (f, c, k) in shapes.items()}
    >>> inception_block(np.ones((1, 192, 7, 7)), params).shape
    (1, 256, 7, 7)
    """
    ### BEGIN SOLUTION

    def layer(image: np.ndarray, name: str) -> np.ndarray:
        return relu_forward(_same(image, params[f"w{name}"], params[f"b{name}"]))

    three = layer(layer(x, "3_reduce"), "3")
    five = layer(layer(x, "5_reduce"), "5")
    pooled = layer(max_pool2d_forward(x, pool=3, stride=1, padding=1), "_pool")
    return np.concatenate([layer(x, "1"), three, five, pooled], axis=1)
    ### END SOLUTION


def depthwise_separable_forward(x: np.ndarray, w_depth: np.ndarray, w_point: np.ndarray) -> np.ndarray:
    """A convolution in two steps: first along rows and columns, then across channels.

    Depthwise: channel c is correlated with its own filter w_depth[c], and with no other. Pointwise: each output
    channel is a weighted sum of these, w_point[f, c] times channel c. No padding, stride 1, no bias, no ReLU.

    From 64 to 128 channels with filters of 3 x 3 that takes 64 * 9 + 64 * 128 = 8768 weights in place of 73 728.

    Args:
        x: images, of shape (N, C, H, W).
        w_depth: a filter for each channel, of shape (C, KH, KW).
        w_point: weights from channels to channels, of shape (F, C).

    Returns:
        Feature maps, of shape (N, F, H - KH + 1, W - KW + 1).

    The lecture's sum of [4 5 6] with [1 2 3], 32, and of [1 1 1] with [1 1 1], 3; then 10 times the one plus the other:

    >>> x = np.array([[[[4.0, 5.0, 6.0]], [[1.0, 1.0, 1.0]]]])
    >>> w_depth = np.array([[[1.0, 2.0, 3.0]], [[1.0, 1.0, 1.0]]])
    >>> depthwise_separable_forward(x, w_depth, np.array([[10.0, 1.0]]))
    array([[[[323.]]]])
    """
    ### BEGIN SOLUTION
    none = np.zeros(1, x.dtype)
    depth = [conv2d_forward(x[:, c : c + 1], w[None, None], none) for c, w in enumerate(w_depth)]
    return np.einsum("fc,nchw->nfhw", w_point, np.concatenate(depth, axis=1))
    ### END SOLUTION

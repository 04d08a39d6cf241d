"""Pooling: from a window of pixels to one number, forward and backward.

A window slides over each channel. Max pooling keeps only the largest value it sees: "Yes, I found a cat
somewhere". Average pooling keeps the mean, Lp pooling the norm of the window, and maxout the largest of several
units. Backward, each output shares its gradient out among the values that it was made of.

Rules for all functions here:
- pool is an int or a pair (KH, KW). stride is an int or None; None means the windows tile (stride = pool, on
  each axis its own).
- padding is at most pool // 2 on each axis, and pads with -inf, so that a padded cell never wins. Only max
  pooling has it.
- Sizes floor: H' = (H + 2 * padding - KH) // stride + 1. With ceil_mode they round up instead, but the last
  window must start inside the image or the padding before it, as in PyTorch; a window that would start in the
  padding after it is dropped. Cells beyond the padding count as -inf.
- Ties: the whole of dout goes to one of the tied maxima, or is shared among several of them. Any such policy
  is accepted (first, last, split); giving each of them the whole of it is not.
- Work in the precision you are given: float64 in, float64 out; float32 in, float32 out.
- Do not change the arrays you are given. A result must not depend on earlier calls.
- Arrays are passed by position, and so are p and k; the other options by keyword.
"""

import numpy as np

Pool = int | tuple[int, int]


def max_pool2d_forward(
    x: np.ndarray, pool: Pool = 2, stride: int | None = None, padding: int = 0, ceil_mode: bool = False
) -> np.ndarray:
    """The largest value in each window.

    Args:
        x: images, of shape (N, C, H, W).
        pool: size of the window, an int or a pair (KH, KW).
        stride: step between windows, for both axes; None: windows tile.
        padding: cells of -inf added on each side of both axes, at most pool // 2.
        ceil_mode: round sizes up in place of down.

    Returns:
        The maxima, of shape (N, C, H', W').

    The lecture's max(4, 5, 6); and its 98 by 98 map, which a 3 by 3 filter "with no overlap" reduces to
    33 by 33 only if the last, partial window counts:

    >>> max_pool2d_forward(np.array([[[[4.0, 5.0, 6.0]]]]), pool=(1, 3))
    array([[[[6.]]]])
    >>> max_pool2d_forward(np.zeros((1, 1, 98, 98)), pool=3).shape
    (1, 1, 32, 32)
    >>> max_pool2d_forward(np.zeros((1, 1, 98, 98)), pool=3, ceil_mode=True).shape
    (1, 1, 33, 33)
    """
    # YOUR CODE HERE
    raise NotImplementedError


def max_pool2d_backward(
    dout: np.ndarray,
    x: np.ndarray,
    pool: Pool = 2,
    stride: int | None = None,
    padding: int = 0,
    ceil_mode: bool = False,
) -> np.ndarray:
    """Gradient of the loss with respect to x.

    Windows may overlap: a pixel that wins several of them receives the sum of their gradients.

    Args:
        dout: gradient of the loss with respect to the output of max_pool2d_forward, of shape (N, C, H', W').
        x, pool, stride, padding, ceil_mode: as in the forward pass.

    Returns:
        dx, of the shape of x.

    The 6 wins both windows of two cells that it is in:

    >>> x = np.array([[[[4.0, 6.0, 5.0]]]])
    >>> max_pool2d_backward(np.array([[[[1.0, 10.0]]]]), x, pool=(1, 2), stride=1)
    array([[[[ 0., 11.,  0.]]]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def avg_pool2d_forward(x: np.ndarray, pool: Pool = 2, stride: int | None = None) -> np.ndarray:
    """The mean of each window.

    Args:
        x: images, of shape (N, C, H, W).
        pool: size of the window, an int or a pair (KH, KW).
        stride: step between windows, for both axes; None: windows tile.

    Returns:
        The means, of shape (N, C, H', W').

    >>> avg_pool2d_forward(np.array([[[[4.0, 5.0, 6.0]]]]), pool=(1, 3))
    array([[[[5.]]]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def avg_pool2d_backward(dout: np.ndarray, x: np.ndarray, pool: Pool = 2, stride: int | None = None) -> np.ndarray:
    """Gradient of the loss with respect to x.

    Args:
        dout: gradient of the loss with respect to the means, of shape (N, C, H', W').
        x, pool, stride: as in the forward pass.

    Returns:
        dx, of the shape of x.

    >>> avg_pool2d_backward(np.array([[[[6.0, 60.0]]]]), np.zeros((1, 1, 1, 4)), pool=(1, 3), stride=1)
    array([[[[ 2., 22., 22., 20.]]]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def lp_pool2d_forward(x: np.ndarray, p: float, pool: Pool = 2, stride: int | None = None) -> np.ndarray:
    """The p-norm of each window: (sum |x|^p)^(1/p).

    p = 1 adds up sizes, p = 2 is the Euclidean length, and the larger p, the nearer it comes to the maximum.

    Args:
        x: images, of shape (N, C, H, W).
        p: a number, at least 1 and not always whole. p = 100 must not overflow: divide a window by its largest
            |x| first, and multiply by it in the end.
        pool, stride: as for the mean.

    Returns:
        The norms, of shape (N, C, H', W'): none is negative, and 0 is the norm of zeros.

    >>> lp_pool2d_forward(np.array([[[[3.0, -4.0]]]]), 2, pool=(1, 2))
    array([[[[5.]]]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def lp_pool2d_backward(
    dout: np.ndarray, x: np.ndarray, p: float, pool: Pool = 2, stride: int | None = None
) -> np.ndarray:
    """Gradient of the loss with respect to x.

    The derivative of the norm by a value of its window is sign(x) * (|x| / norm)^(p - 1); by definition it is 0
    where the whole window is zero.

    Args:
        dout: gradient of the loss with respect to the norms, of shape (N, C, H', W').
        x, p, pool, stride: as in the forward pass; p = 100 must not overflow here either.

    Returns:
        dx, of the shape of x.

    >>> lp_pool2d_backward(np.array([[[[10.0]]]]), np.array([[[[3.0, -4.0]]]]), 2, pool=(1, 2))
    array([[[[ 6., -8.]]]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def maxout_forward(z: np.ndarray, k: int) -> np.ndarray:
    """The largest of k pieces, for each unit.

    A maxout unit has k sets of weights in place of an activation function, and passes on the largest result.

    Args:
        z: what the pieces computed, of shape (N, k * M): piece 0 of all M units, then piece 1, and so on.
        k: number of pieces.

    Returns:
        The maxima, of shape (N, M).

    Two units with two pieces each: (4, 6) and (5, -1).

    >>> maxout_forward(np.array([[4.0, 5.0, 6.0, -1.0]]), 2)
    array([[6., 5.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def maxout_backward(dout: np.ndarray, z: np.ndarray, k: int) -> np.ndarray:
    """Gradient of the loss with respect to z: it goes to the piece that won.

    Args:
        dout: gradient of the loss with respect to the maxima, of shape (N, M).
        z, k: as in the forward pass.

    Returns:
        dz, of the shape of z.

    >>> maxout_backward(np.array([[1.0, 10.0]]), np.array([[4.0, 5.0, 6.0, -1.0]]), 2)
    array([[ 0., 10.,  1.,  0.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def global_avg_pool(x: np.ndarray) -> np.ndarray:
    """The mean of each channel: one number for each feature map, however large the image.

    Args:
        x: images, of shape (N, C, H, W).

    Returns:
        The means, of shape (N, C).

    >>> global_avg_pool(np.array([[[[4.0, 5.0, 6.0]], [[1.0, 2.0, 3.0]]]]))
    array([[5., 2.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError

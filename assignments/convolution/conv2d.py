"""A 2-D convolution layer: forward and backward.

A small filter slides over the image; wherever the patch under it looks like the filter, the feature map is
large. What deep learning calls convolution is cross-correlation: the filter is not flipped. Backward, every
output sends its gradient to the window it was computed from and to the filter that read it.

Rules for all functions here:
- Sizes floor: H' = (H + 2 * padding - KH) // stride + 1, W' likewise. Windows that do not fit are dropped.
- Work in the precision you are given: float64 in, float64 out; float32 in, float32 out; integers in, floats
  out (pad2d and im2col only copy numbers, and may keep integers).
- Do not change the arrays you are given. A result must not depend on earlier calls.
- Arrays are passed by position, options (stride, padding) by keyword.
"""

import numpy as np


def pad2d(x: np.ndarray, padding: int) -> np.ndarray:
    """Put a frame of zeros around each image.

    Args:
        x: images, of shape (N, C, H, W).
        padding: width of the frame, in pixels; 0 adds nothing.

    Returns:
        The padded images, of shape (N, C, H + 2 * padding, W + 2 * padding).

    Only the last two axes grow:

    >>> pad2d(np.array([[[[1, 2]]]]), 1)
    array([[[[0, 0, 0, 0],
             [0, 1, 2, 0],
             [0, 0, 0, 0]]]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def conv2d_forward(x: np.ndarray, w: np.ndarray, b: np.ndarray, stride: int = 1, padding: int = 0) -> np.ndarray:
    """Slide each filter over each image.

    out[n, f, i, j] = b[f] + sum over c, k, l of xp[n, c, i * stride + k, j * stride + l] * w[f, c, k, l],
    where xp is x padded with zeros.

    Args:
        x: images, of shape (N, C, H, W).
        w: filters, of shape (F, C, KH, KW). Height and width may differ.
        b: one bias for each filter, of shape (F,).
        stride: step between windows, the same for both axes.
        padding: zeros added on each side of both axes.

    Returns:
        The feature maps, of shape (N, F, H', W').

    The X-shaped filter of the lecture, on its 5 by 5 image:

    >>> image = np.array(
    ...     [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
    ... )
    >>> cross = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
    >>> conv2d_forward(image[None, None], cross[None, None], np.zeros(1))[0, 0]
    array([[4., 3., 4.],
           [2., 4., 3.],
           [2., 3., 4.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def conv2d_backward(
    dout: np.ndarray, x: np.ndarray, w: np.ndarray, stride: int = 1, padding: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of the loss, given its gradient with respect to the feature maps.

    Args:
        dout: gradient of the loss with respect to the output of conv2d_forward, of shape (N, F, H', W').
        x: the images that went in, of shape (N, C, H, W).
        w: the filters, of shape (F, C, KH, KW).
        stride: as in the forward pass.
        padding: as in the forward pass.

    Returns:
        dx, dw and db, of the shapes of x, w and b. The loss is whatever dout says: divide by nothing.

    A single 1 in dout stamps its filter into dx, and copies the window that it saw into dw:

    >>> dout = np.array([[[[0.0, 1.0]]]])
    >>> dx, dw, db = conv2d_backward(dout, np.array([[[[4.0, 5.0, 6.0]]]]), np.array([[[[1.0, 2.0]]]]))
    >>> dx, dw, db
    (array([[[[0., 1., 2.]]]]), array([[[[5., 6.]]]]), array([1.]))
    """
    # YOUR CODE HERE
    raise NotImplementedError


def im2col(x: np.ndarray, kh: int, kw: int, stride: int = 1, padding: int = 0) -> np.ndarray:
    """Bonus: lay out every window as a row, so that a convolution becomes one matrix product.

    Args:
        x: images, of shape (N, C, H, W).
        kh: height of the window.
        kw: width of the window.
        stride: step between windows.
        padding: zeros added on each side of both axes.

    Returns:
        The windows, of shape (N * H' * W', C * KH * KW): images first, then rows, then columns of the
        feature map; within a window channels first, then rows, then columns.

    >>> im2col(np.array([[[[1, 2, 3], [4, 5, 6]]]]), 2, 2)
    array([[1, 2, 4, 5],
           [2, 3, 5, 6]])
    """
    # YOUR CODE HERE
    raise NotImplementedError

"""Transposed convolution: a convolution layer run backwards, to make images larger.

Each pixel of the small image stamps the filter, times its own value, into a larger canvas; stamps are `stride`
pixels apart, and where they overlap they add up. It is exactly what the backward pass of a convolution does to
dout. It has been called deconvolution, but it undoes nothing: it is the transpose, not the inverse.

Rules for all functions here:
- The canvas has (H - 1) * stride + KH + output_padding rows; columns likewise. Rows and columns that
  output_padding adds are below and to the right of the stamps, and hold zeros.
- padding is cut off the canvas, on each side of both axes, so that
  H' = (H - 1) * stride - 2 * padding + KH + output_padding. The bias comes last, on every pixel that is left.
- Filters have shape (C, F, KH, KW), with C the channels that come in: the reverse of conv2d.
- output_padding is smaller than the stride.
- Work in the precision you are given: float64 in, float64 out; float32 in, float32 out; integers in, floats out.
- Do not change the arrays you are given. A result must not depend on earlier calls.
- Arrays are passed by position, options (stride, padding, output_padding) by keyword.
"""

### BEGIN SOLUTION
from collections.abc import Iterator

### END SOLUTION
import numpy as np


### BEGIN SOLUTION
def _as_float(a: np.ndarray) -> np.ndarray:
    return a.astype(np.result_type(a, np.float32), copy=False)


def _canvas(x: np.ndarray, w: np.ndarray, stride: int, output_padding: int) -> np.ndarray:
    """An empty canvas, of shape (N, F, rows, columns)."""
    sides = [(x.shape[a] - 1) * stride + w.shape[a] + output_padding for a in (2, 3)]
    return np.zeros((x.shape[0], w.shape[1], *sides), np.result_type(x, w))


def _places(x: np.ndarray, w: np.ndarray, stride: int) -> Iterator[tuple[int, int, tuple[slice, ...]]]:
    """Each entry (i, j) of the filter, and where on the canvas the pixels of x put it."""
    height, width = x.shape[2:]
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            rows, cols = slice(i, i + stride * height, stride), slice(j, j + stride * width, stride)
            yield i, j, (slice(None), slice(None), rows, cols)


### END SOLUTION


def conv_transpose2d_forward(
    x: np.ndarray, w: np.ndarray, b: np.ndarray, stride: int = 1, padding: int = 0, output_padding: int = 0
) -> np.ndarray:
    """Stamp each filter onto a larger canvas, once for each pixel.

    canvas[n, f, i * stride + k, j * stride + l] is the sum, over all c, i, j, k and l that lead there, of
    x[n, c, i, j] * w[c, f, k, l]. The output is the canvas without its outermost `padding` rows and columns on
    each side, plus b[f].

    Args:
        x: images, of shape (N, C, H, W).
        w: filters, of shape (C, F, KH, KW). Height and width may differ.
        b: one bias for each feature map, of shape (F,).
        stride: step between stamps, the same for both axes.
        padding: rows and columns cut off each side of the canvas.
        output_padding: rows and columns that the canvas has more, at its end.

    Returns:
        The feature maps, of shape (N, F, H', W').

    The "rubber stamp" of the lecture, with the filter [1, 1, 1] and stride 2: two stamps overlap in one pixel.

    >>> stamp = np.ones((1, 1, 1, 3))
    >>> conv_transpose2d_forward(np.array([[[[1.0, 2.0]]]]), stamp, np.zeros(1), stride=2)
    array([[[[1., 1., 3., 2., 2.]]]])
    """
    ### BEGIN SOLUTION
    x, w = _as_float(x), _as_float(w)
    canvas = _canvas(x, w, stride, output_padding)
    for i, j, place in _places(x, w, stride):
        canvas[place] += np.einsum("nchw,cf->nfhw", x, w[:, :, i, j])
    height, width = canvas.shape[2:]
    out: np.ndarray = canvas[:, :, padding : height - padding, padding : width - padding]
    return out + _as_float(b)[:, None, None]
    ### END SOLUTION


def conv_transpose2d_backward(
    dout: np.ndarray, x: np.ndarray, w: np.ndarray, stride: int = 1, padding: int = 0, output_padding: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of the loss, given its gradient with respect to the feature maps.

    Args:
        dout: gradient of the loss with respect to the output of conv_transpose2d_forward, of shape (N, F, H', W').
        x: the images that went in, of shape (N, C, H, W).
        w: the filters, of shape (C, F, KH, KW).
        stride: as in the forward pass.
        padding: as in the forward pass.
        output_padding: as in the forward pass.

    Returns:
        dx, dw and db, of the shapes of x, w and b. The loss is whatever dout says: divide by nothing.

    Going back through stamps is an ordinary convolution: each pixel of x collects dout where it stamped.

    >>> dout = np.array([[[[1.0, 10.0, 100.0]]]])
    >>> dx, dw, db = conv_transpose2d_backward(dout, np.array([[[[4.0, 5.0]]]]), np.array([[[[1.0, 2.0]]]]))
    >>> dx, dw, db
    (array([[[[ 21., 210.]]]]), array([[[[ 54., 540.]]]]), array([111.]))
    """
    ### BEGIN SOLUTION
    x, w, dout = _as_float(x), _as_float(w), _as_float(dout)
    canvas, p = _canvas(x, w, stride, output_padding), padding
    canvas[:, :, p : p + dout.shape[2], p : p + dout.shape[3]] = dout
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i, j, place in _places(x, w, stride):
        dx += np.einsum("nfhw,cf->nchw", canvas[place], w[:, :, i, j])
        dw[:, :, i, j] = np.einsum("nchw,nfhw->cf", x, canvas[place])
    return dx, dw, dout.sum(axis=(0, 2, 3))
    ### END SOLUTION


def bilinear_kernel(factor: int, channels: int) -> np.ndarray:
    """Filters that enlarge an image by `factor` with bilinear interpolation.

    Used with stride=factor they are what fully convolutional networks for segmentation start from.

    Args:
        factor: how many times larger the image gets, at least 1.
        channels: number of channels C; each is enlarged on its own.

    Returns:
        w, of shape (C, C, K, K) with K = 2 * factor - factor % 2. w[c, c, i, j] = t[i] * t[j] with the tent
        t[i] = 1 - |i - (K - 1) / 2| / factor; w is 0 where the two channels differ. Nothing is normalised.

    >>> bilinear_kernel(3, 1)[0, 0, 2] * 3
    array([1., 2., 3., 2., 1.])
    >>> bilinear_kernel(2, 2)[1, 1, 0] * 16
    array([1., 3., 3., 1.])
    """
    ### BEGIN SOLUTION
    size = 2 * factor - factor % 2
    tent = 1 - np.abs(np.arange(size) - (size - 1) / 2) / factor
    return np.eye(channels)[:, :, None, None] * np.outer(tent, tent)
    ### END SOLUTION

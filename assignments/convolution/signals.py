"""Signals in one dimension: correlation, convolution, and what they are good for.

A short filter slides along a signal. Slide it as it is, and you correlate: the result is large where the signal
looks like the filter. Turn it round first, and you convolve, as mathematicians mean it. Both are here, because the
lectures start with one and go on with the other: "From this point onwards, when we say convolution we mean
cross-correlation." So in two dimensions, from the next file on, nothing is turned round.

Rules for all functions here:
- Outside of the signal there are zeros.
- A filter is never longer than the signal.
- mode says which outputs to keep. "full" are all T + K - 1 in which filter and signal overlap at all; "valid" are
  the T - K + 1 in which the filter lies inside; "same" are T of the full ones, from index (K - 1) // 2 on.
- Work in the precision you are given: float64 in, float64 out; integers in, floats out where something is divided.
- np.convolve and np.correlate are what you write here, so they are out of bounds.
"""

import numpy as np


def correlate1d(x: np.ndarray, w: np.ndarray, mode: str = "valid") -> np.ndarray:
    """Cross-correlation: slide w along x as it is.

    valid: y[t] = sum over k of x[t + k] * w[k]. The full result starts K - 1 earlier, where only the last entry
    of w meets the first of x, and ends K - 1 later.

    Args:
        x: signal, of shape (T,).
        w: filter, of shape (K,), with K <= T.
        mode: "full", "same" or "valid".

    Returns:
        y, of shape (T + K - 1,), (T,) or (T - K + 1,).

    The lecture's 4, 5, 6 under 1, 2, 3; and which side of the border "same" keeps if K is even:

    >>> correlate1d(np.array([4.0, 5.0, 6.0]), np.array([1.0, 2.0, 3.0]))
    array([32.])
    >>> correlate1d(np.array([1.0, 2.0, 3.0]), np.array([1.0, 10.0]), mode="full")
    array([10., 21., 32.,  3.])
    >>> correlate1d(np.array([1.0, 2.0, 3.0]), np.array([1.0, 10.0]), mode="same")
    array([10., 21., 32.])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def convolve1d(x: np.ndarray, w: np.ndarray, mode: str = "full") -> np.ndarray:
    """True convolution: y[t] = sum over k of x[t - k] * w[k], with a minus sign.

    Args:
        x: signal, of shape (T,).
        w: filter, of shape (K,), with K <= T.
        mode: "full", "same" or "valid".

    Returns:
        y, of shape (T + K - 1,), (T,) or (T - K + 1,).

    A single 1 in the signal leaves a copy of the filter (correlation would leave it turned round):

    >>> convolve1d(np.array([0.0, 1.0, 0.0]), np.array([1.0, 2.0]))
    array([0., 1., 2., 0.])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def moving_average(x: np.ndarray, k: int) -> np.ndarray:
    """Replace each entry by the mean of k neighbours: a filter against noise.

    It is a convolution with k times 1 / k, mode "same": zeros outside count, so the ends are pulled towards zero. If
    k is even, there is one more neighbour before than after.

    Args:
        x: signal, of shape (T,).
        k: how many neighbours, the entry itself included; k <= T.

    Returns:
        The smoothed signal, of shape (T,).

    With k = 2, as in the lecture, each entry is averaged with the one before it:

    >>> moving_average(np.array([2.0, 4.0, 6.0]), 2)
    array([1., 3., 5.])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def conv_matrix(w: np.ndarray, n: int, stride: int = 1, padding: int = 0) -> np.ndarray:
    """Correlation as a dense layer: the matrix with which M @ x is the correlation of x and w.

    Most entries are 0 (sparse connections) and the others repeat in every row (shared weights). Row i holds w from
    column i * stride - padding on; what sticks out on the left or on the right met the zeros outside, and is cut off.

    Args:
        w: filter, of shape (K,).
        n: length of the signal.
        stride: step between neighbouring outputs.
        padding: zeros on each side of the signal; K <= n + 2 * padding.

    Returns:
        M, of shape (n_out, n), with n_out = (n + 2 * padding - K) // stride + 1.

    >>> conv_matrix(np.array([1.0, 2.0]), 4)
    array([[1., 2., 0., 0.],
           [0., 1., 2., 0.],
           [0., 0., 1., 2.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def matched_filter(signal: np.ndarray, template: np.ndarray) -> tuple[int, float]:
    """Find a template in a signal: the offset at which the two are most alike.

    A loud stretch of signal correlates strongly with anything, so divide by the norms: the score of a window is
    <window, template> / (norm of the window * norm of the template). It is 1 for a multiple of the template, -1 for
    a negative one, and 0 where one of the norms is 0. Nothing is subtracted, no mean in particular.

    Args:
        signal: where to look, of shape (T,).
        template: what to look for, of shape (K,), with K <= T.

    Returns:
        The offset with the highest score, an int from 0 to T - K (the first, if several share it), and the score, a
        float. Offsets at which the template sticks out of the signal do not count.

    The template is there in half its size; the loud end is no match for it:

    >>> matched_filter(np.array([0.0, 1.5, 2.0, 0.0, 9.0, 9.0]), np.array([3.0, 4.0]))
    (1, 1.0)
    """
    # YOUR CODE HERE
    raise NotImplementedError


def merge_linear(W: np.ndarray, V: np.ndarray) -> np.ndarray:
    """One linear layer in place of two: projections of projections are projections.

    Only a non-linearity between the layers prevents this; without one, depth buys nothing.

    Args:
        W: the first projection, of shape (D, M): it maps x, of shape (D,), to W.T @ x.
        V: the second, of shape (M, P).

    Returns:
        The one, of shape (D, P), such that V.T @ (W.T @ x) is WV.T @ x for every x.

    >>> merge_linear(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]))
    array([[11.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError

"""A recurrent layer: one step, a whole sequence, backpropagation through time, and what keeps it in bounds.

The state h sums up what has been read so far. Each step mixes the new input with the previous state, always
with the same weights, so the weights collect a gradient from every step. Backward, the gradient travels from
the last step to the first: each state feeds both its own loss and the next state. On the way it is multiplied by the
same matrix again and again, so that it fades or grows; shorter windows, clipping and leaky units are three answers.

Rules for all functions here:
- Batch first: sequences x of shape (N, T, D), states h of shape (N, T, H). Weights multiply on the right:
  x @ Wx.
- Work in the precision you are given: float64 in, float64 out; float32 in, float32 out.
- Do not change the arrays you are given. A result must not depend on earlier calls.
"""

import numpy as np


def rnn_step_forward(x: np.ndarray, h_prev: np.ndarray, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> np.ndarray:
    """One step: h = tanh(x @ Wx + h_prev @ Wh + b).

    Args:
        x: inputs of this step, of shape (N, D).
        h_prev: states before it, of shape (N, H).
        Wx: weights of the input, of shape (D, H).
        Wh: weights of the state, of shape (H, H).
        b: bias, of shape (H,).

    Returns:
        The new states, of shape (N, H).

    One unit with all weights 1 (and tanh(0.5 + 0.25) = 0.6351...):

    >>> one = np.ones((1, 1))
    >>> rnn_step_forward(0.5 * one, 0.25 * one, one, one, np.zeros(1)).round(4)
    array([[0.6351]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def rnn_step_backward(
    dh: np.ndarray, x: np.ndarray, h_prev: np.ndarray, h: np.ndarray, Wx: np.ndarray, Wh: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of one step.

    Args:
        dh: gradient of the loss with respect to h, of shape (N, H).
        x: inputs of the step, of shape (N, D).
        h_prev: states before it, of shape (N, H).
        h: states after it, as rnn_step_forward returned them, of shape (N, H).
        Wx: of shape (D, H).
        Wh: of shape (H, H).

    Returns:
        dx, dh_prev, dWx, dWh and db, of the shapes of x, h_prev, Wx, Wh and b.

    In h = tanh(x + h_prev), x and h_prev receive the same gradient, 1 - h**2:

    >>> one = np.ones((1, 1))
    >>> dx, dh_prev, dWx, dWh, db = rnn_step_backward(one, 2 * one, 3 * one, 0.5 * one, one, one)
    >>> dx, dh_prev, dWx, dWh, db
    (array([[0.75]]), array([[0.75]]), array([[1.5]]), array([[2.25]]), array([0.75]))
    """
    # YOUR CODE HERE
    raise NotImplementedError


def rnn_forward(x: np.ndarray, h0: np.ndarray, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Read a whole sequence: h_t = tanh(x_t @ Wx + h_{t-1} @ Wh + b), starting from h0.

    The lecture counts steps from 0 and leaves open which state the first of them starts from. Here it is h0, an
    argument of its own: zeros for a new sequence, or the last state of the part that was read before.

    Args:
        x: sequences, of shape (N, T, D), T >= 1.
        h0: states before the first step, of shape (N, H).
        Wx: of shape (D, H).
        Wh: of shape (H, H).
        b: of shape (H,).

    Returns:
        The states after every step, of shape (N, T, H).

    A unit that reads a 1 and then only zeros forgets it step by step:

    >>> one = np.ones((1, 1))
    >>> rnn_forward(np.array([[[1.0], [0.0], [0.0]]]), 0 * one, one, one, np.zeros(1)).round(3)
    array([[[0.762],
            [0.642],
            [0.566]]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def rnn_backward(
    dh: np.ndarray, x: np.ndarray, h0: np.ndarray, h: np.ndarray, Wx: np.ndarray, Wh: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Backpropagation through time, over the whole sequence.

    Args:
        dh: gradient of the loss with respect to each state directly, of shape (N, T, H). What a state does
            to later states is not in it: that is what you add.
        x: sequences, of shape (N, T, D).
        h0: states before the first step, of shape (N, H).
        h: states after every step, as rnn_forward returned them, of shape (N, T, H).
        Wx: of shape (D, H).
        Wh: of shape (H, H).

    Returns:
        dx, dh0, dWx, dWh and db, of the shapes of x, h0, Wx, Wh and b.

    A loss on the last of two states alone reaches the first input through the recurrent weight:

    >>> one = np.ones((1, 1))
    >>> dh, x, h = np.array([[[0.0], [1.0]]]), np.zeros((1, 2, 1)), np.zeros((1, 2, 1))
    >>> dx, dh0, dWx, dWh, db = rnn_backward(dh, x, one, h, one, 0.5 * one)
    >>> dx, dh0, db
    (array([[[0.5],
            [1. ]]]), array([[0.25]]), array([1.5]))
    """
    # YOUR CODE HERE
    raise NotImplementedError


def rnn_backward_truncated(
    dh: np.ndarray, x: np.ndarray, h0: np.ndarray, h: np.ndarray, Wx: np.ndarray, Wh: np.ndarray, k: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Truncated backpropagation through time, with a sliding window of k steps.

    The loss of step s (that is, dh[:, s]) is sent back through the steps s, s - 1, ..., s - k + 1, at most down to
    step 0. The state before that window counts as a constant there: nothing flows into it. Every s has a window of its
    own (the sequence is not cut into chunks), and what all the windows send adds up.

    Only gradients are cut. The states h are those of the whole sequence, as rnn_forward returned them.

    Args:
        dh: gradient of the loss with respect to each state directly, of shape (N, T, H).
        x: sequences, of shape (N, T, D).
        h0: states before the first step, of shape (N, H). They receive what the windows that reach step 0 send.
        h: states after every step, of shape (N, T, H).
        Wx: of shape (D, H).
        Wh: of shape (H, H).
        k: steps that a window has, at least 1. With k >= T the result is that of rnn_backward.

    Returns:
        dx, dh0, dWx, dWh and db, of the shapes of x, h0, Wx, Wh and b.

    The lecture's picture has four steps and windows of two: it adds up G11, then G11 and G12, then G12 and G13, then
    G13 and G14. (The lecture writes W + G, where G is the step to take. You return gradients, which point the other
    way: who trains subtracts them.) Three of the four steps are in two windows:

    >>> one, dh, x, h = np.ones((1, 1)), np.ones((1, 4, 1)), np.zeros((1, 4, 1)), np.zeros((1, 4, 1))
    >>> dx, dh0, dWx, dWh, db = rnn_backward_truncated(dh, x, 0 * one, h, one, one, 2)
    >>> dx.ravel(), dh0, db
    (array([2., 2., 2., 1.]), array([[2.]]), array([7.]))
    """
    # YOUR CODE HERE
    raise NotImplementedError


def clip_grad_norm(grads: dict[str, np.ndarray], max_norm: float) -> tuple[dict[str, np.ndarray], float]:
    """Make all gradients shorter by one factor, if together they are longer than max_norm.

    The norm is that of one long vector with all entries of all arrays in it. All gradients are multiplied by the same
    number, min(1, max_norm / norm), so that their common direction stays. Gradients that are short enough stay as they
    are, and so do gradients that are zero everywhere.

    Args:
        grads: gradients by name, arrays of any shapes.
        max_norm: the largest norm that may be left, above 0.

    Returns:
        (grads, norm): a new dict with the same keys, of new arrays; and the norm before clipping, to be looked at
        during training.

    >>> clip_grad_norm({"W": np.array([[3.0]]), "b": np.array([4.0])}, 1.0)
    ({'W': array([[0.6]]), 'b': array([0.8])}, 5.0)
    """
    # YOUR CODE HERE
    raise NotImplementedError


def leaky_unit(v: np.ndarray, alpha: float, mu0: float = 0.0) -> np.ndarray:
    """A unit that forgets slowly: mu_t = alpha * mu_{t-1} + (1 - alpha) * v_t.

    With alpha = 0 it repeats v, with alpha = 1 it keeps mu0 for ever; in between it holds a running mean of v that
    reaches back about 1 / (1 - alpha) steps.

    Args:
        v: what the unit sees, of shape (T,), T >= 1.
        alpha: share of the old value that stays, from 0 to 1.
        mu0: the value before the first step.

    Returns:
        The values mu after every step, of shape (T,).

    >>> leaky_unit(np.array([1.0, 1.0, 0.0]), 0.5)
    array([0.5  , 0.75 , 0.375])
    """
    # YOUR CODE HERE
    raise NotImplementedError

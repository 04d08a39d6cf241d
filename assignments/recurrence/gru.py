"""The GRU: a recurrent layer with two gates, which say how much of the old state stays and how much of it is read.

The reset gate r says how much of the old state the candidate n gets to see. The update gate z says how much of the old
state stays; the rest is filled up with the candidate. As the lecture writes it:

    r = sigmoid(x @ Wxr + h_prev @ Whr + br)
    z = sigmoid(x @ Wxz + h_prev @ Whz + bz)
    n = tanh(x @ Wxn + (r * h_prev) @ Whn + bn)
    h = z * h_prev + (1 - z) * n

Where z is 1 the state goes on unchanged, and so does its gradient on the way back.

Two conventions are about, and both are asked for here. In both, z = 1 means keep (papers and other courses also have
it the other way round: there z = 1 means replace). They differ in where r acts: in the lecture before the product with
Whn, in PyTorch and cuDNN after it. All functions here are the lecture's, but for gru_step_cudnn.

Rules for all functions here:
- Batch first: sequences x of shape (N, T, D), states h of shape (N, T, H). Weights multiply on the right: x @ Wx.
- The blocks are stacked in the order r, z, n, as in PyTorch (Keras has z first): columns 0 to H - 1 of Wx, Wh, b and of
  the array `gates` belong to r, the next H to z, the last H to n. So Whn above is Wh[:, 2 * H:].
- Gates may saturate: where the sigmoid's argument is 1000 or -1000, the results must still be finite.
- The state before the first step is an argument, h0: nothing starts from zero by itself.
- Work in the precision you are given: float64 in, float64 out; float32 in, float32 out.
- Do not change the arrays you are given. A result must not depend on earlier calls.
"""

import numpy as np

Array = np.ndarray


def gru_step_forward(x: Array, h_prev: Array, Wx: Array, Wh: Array, b: Array) -> tuple[Array, Array]:
    """One step, in the lecture's convention: the reset gate acts on h_prev, before the product with Whn.

    Args:
        x: inputs of this step, of shape (N, D).
        h_prev: states before it, of shape (N, H).
        Wx: weights of the input, of shape (D, 3H).
        Wh: weights of the state, of shape (H, 3H).
        b: biases, of shape (3H,).

    Returns:
        h after the step, of shape (N, H), and gates of shape (N, 3H): r, z and n after their sigmoid or tanh.

    With all weights 0 both gates are half open and the candidate is 0: half of the state stays.

    >>> one = np.ones((1, 1))
    >>> gru_step_forward(one, one, np.zeros((1, 3)), np.zeros((1, 3)), np.zeros(3))
    (array([[0.5]]), array([[0.5, 0.5, 0. ]]))
    """
    # YOUR CODE HERE
    raise NotImplementedError


def gru_step_backward(
    dh: Array, x: Array, h_prev: Array, gates: Array, Wx: Array, Wh: Array
) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of one step in the lecture's convention.

    Args:
        dh: gradient of the loss with respect to h, of shape (N, H).
        x: inputs of the step, of shape (N, D).
        h_prev: states before it, of shape (N, H).
        gates: r, z and n, as gru_step_forward returned them, of shape (N, 3H).
        Wx: of shape (D, 3H).
        Wh: of shape (H, 3H).

    Returns:
        dx, dh_prev, dWx, dWh and db, of the shapes of x, h_prev, Wx, Wh and b.

    With z = 1 the state only passes through: its gradient comes back whole, and nothing else gets any.

    >>> one = np.ones((1, 1))
    >>> dx, dh_prev, dWx, dWh, db = gru_step_backward(
    ...     3 * one, one, one, np.array([[0.5, 1.0, 0.25]]), np.ones((1, 3)), np.ones((1, 3)))
    >>> dx, dh_prev, db
    (array([[0.]]), array([[3.]]), array([0., 0., 0.]))
    """
    # YOUR CODE HERE
    raise NotImplementedError


def gru_forward(x: Array, h0: Array, Wx: Array, Wh: Array, b: Array) -> tuple[Array, Array]:
    """Read a whole sequence, step by step, starting from h0.

    Args:
        x: sequences, of shape (N, T, D), T >= 1.
        h0: states before the first step, of shape (N, H).
        Wx: of shape (D, 3H).
        Wh: of shape (H, 3H).
        b: of shape (3H,).

    Returns:
        The states h after every step, of shape (N, T, H), and the gates of every step, of shape (N, T, 3H).

    With all weights 0 the state halves at every step:

    >>> h, gates = gru_forward(np.zeros((1, 3, 1)), np.ones((1, 1)), np.zeros((1, 3)), np.zeros((1, 3)), np.zeros(3))
    >>> h.ravel(), gates.shape
    (array([0.5  , 0.25 , 0.125]), (1, 3, 3))
    """
    # YOUR CODE HERE
    raise NotImplementedError


def gru_backward(
    dh: Array, x: Array, h0: Array, h: Array, gates: Array, Wx: Array, Wh: Array
) -> tuple[Array, Array, Array, Array, Array]:
    """Backpropagation through time, over the whole sequence.

    Args:
        dh: gradient of the loss with respect to each state directly, of shape (N, T, H). What a state does to later
            states is not in it: that is what you add.
        x: sequences, of shape (N, T, D).
        h0: states before the first step, of shape (N, H).
        h: states after every step, as gru_forward returned them, of shape (N, T, H).
        gates: r, z and n of every step, as gru_forward returned them, of shape (N, T, 3H).
        Wx: of shape (D, 3H).
        Wh: of shape (H, 3H).

    Returns:
        dx, dh0, dWx, dWh and db, of the shapes of x, h0, Wx, Wh and b.

    A loss on the last of three states that only pass through (z = 1) reaches h0 as it is:

    >>> gates = np.array([[[0.5, 1.0, 0.25]] * 3])
    >>> dh, x, one = np.array([[[0.0], [0.0], [2.0]]]), np.zeros((1, 3, 1)), np.ones((1, 1))
    >>> dx, dh0, dWx, dWh, db = gru_backward(dh, x, one, np.ones((1, 3, 1)), gates, np.ones((1, 3)), np.ones((1, 3)))
    >>> dh0
    array([[2.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def gru_step_cudnn(x: Array, h_prev: Array, Wx: Array, Wh: Array, bx: Array, bh: Array) -> Array:
    """One step in the convention of PyTorch and cuDNN: the reset gate acts after the product with Whn.

    There, input and state have a bias each. For r and z only the sum of the two matters, but the candidate is

        n = tanh(x @ Wxn + bxn + r * (h_prev @ Whn + bhn))

    With bh = 0 and a diagonal Whn this is the lecture's step; otherwise it is another layer, with weights of its own.

    Args:
        x: inputs of this step, of shape (N, D).
        h_prev: states before it, of shape (N, H).
        Wx: weights of the input, of shape (D, 3H).
        Wh: weights of the state, of shape (H, 3H).
        bx: biases of the input, of shape (3H,).
        bh: biases of the state, of shape (3H,).

    Returns:
        h after the step, of shape (N, H).

    A half open reset gate lets half of bhn through, into an update gate that is half open too: tanh(0.5) / 2.

    >>> none = np.zeros((1, 1))
    >>> gru_step_cudnn(none, none, np.zeros((1, 3)), np.zeros((1, 3)), np.zeros(3), np.array([0.0, 0.0, 1.0])).round(4)
    array([[0.2311]])
    """
    # YOUR CODE HERE
    raise NotImplementedError

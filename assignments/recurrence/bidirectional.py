"""A recurrent layer that reads in both directions, of sequences that are not equally long, and one that looks ahead.

What a step means may depend on what comes after it. So a second layer, with weights of its own, reads each sequence
from its end to its beginning, and at each step the two states stand side by side. Where one cannot wait for the
end, because the text is being typed or spoken right now, the second layer looks a few steps ahead only.

Sequences of a batch are padded to the same T. `lengths` says how many steps of each are real: an array of N
integers from 1 to T. What stands in the padding must never show in a result, whatever it is.

Rules for all functions here:
- Batch first: x of shape (N, T, D), states of shape (N, T, H). A step is h = tanh(x_t @ Wx + h_prev @ Wh + b), as
  in rnn.py. Weights with an f belong to the layer that reads forward, those with a b to the one that reads backward.
- rnn_forward is given: that of rnn.py, and right. So is rnn_step_forward, if you import it too.
- Work in the precision you are given: float64 in, float64 out; float32 in, float32 out.
- Do not change the arrays you are given. A result must not depend on earlier calls.
"""

import numpy as np

from autograder.given import rnn_forward

Array = np.ndarray


def reverse_within(x: Array, lengths: Array) -> Array:
    """Turn each sequence round within its length: its last real step comes first.

    Args:
        x: padded sequences, of shape (N, T, D).
        lengths: how many steps of each are real, of shape (N,).

    Returns:
        An array of the shape of x. The padding stays as it is, where it is.

    >>> x = np.array([[[1.0], [2.0], [3.0], [0.0]], [[4.0], [5.0], [0.0], [0.0]]])
    >>> reverse_within(x, np.array([3, 2]))[:, :, 0]
    array([[3., 2., 1., 0.],
           [5., 4., 0., 0.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def last_valid_state(h: Array, lengths: Array) -> Array:
    """The state of each sequence after its last real step: what sums up the whole of it.

    Args:
        h: states of padded sequences, of shape (N, T, H).
        lengths: how many steps of each are real, of shape (N,).

    Returns:
        The states, of shape (N, H).

    >>> h = np.array([[[0.1], [0.2], [0.3]], [[0.4], [0.5], [0.6]]])
    >>> last_valid_state(h, np.array([3, 2]))
    array([[0.3],
           [0.5]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def bidirectional_forward(
    x: Array, h0f: Array, h0b: Array, Wxf: Array, Whf: Array, bf: Array, Wxb: Array, Whb: Array, bb: Array,
    lengths: Array | None = None,
) -> Array:  # fmt: skip
    """Read each sequence in both directions.

    Args:
        x: padded sequences, of shape (N, T, D).
        h0f: states before the first step, for the layer that reads forward, of shape (N, H).
        h0b: states after the last step, from which the layer that reads backward starts, of shape (N, H). It starts
            at each sequence's own last step, not in the padding.
        Wxf, Wxb: of shape (D, H).
        Whf, Whb: of shape (H, H).
        bf, bb: of shape (H,).
        lengths: how many steps of each sequence are real, of shape (N,); all T of them if None.

    Returns:
        Of shape (N, T, 2H). At step t the first H numbers are the state that has read x[:, 0] to x[:, t], the last H
        the one that has read the sequence from its end down to x[:, t]. In the padding all are 0.

    Two units that hold on to what they have read. The first sees the 1 from step 1 on, the second up to step 1:

    >>> one = np.ones((1, 1))
    >>> x = np.array([[[0.0], [1.0], [0.0], [0.0]]])
    >>> given = x, 0 * one, 0 * one, one, one, np.zeros(1), one, one, np.zeros(1)
    >>> bidirectional_forward(*given, lengths=np.array([3])).round(2)
    array([[[0.  , 0.64],
            [0.76, 0.76],
            [0.64, 0.  ],
            [0.  , 0.  ]]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def lookahead_forward(
    x: Array, h0f: Array, h0b: Array, Wxf: Array, Whf: Array, bf: Array, Wxb: Array, Whb: Array, bb: Array, L: int
) -> Array:
    """Read forward, and at each step L steps ahead: what a layer can do that answers L steps late.

    Args:
        x: sequences without padding, of shape (N, T, D).
        h0f, Wxf, Whf, bf: of the layer that reads forward, as in bidirectional_forward.
        h0b, Wxb, Whb, bb: of the layer that reads backward. At step t it starts from h0b and reads x[:, t + L]
            first and x[:, t] last; where the sequence ends before that, it starts at the last step.
        L: how many steps ahead it may look, an integer from 0. With 0 it sees x[:, t] alone.

    Returns:
        Of shape (N, T, 2H), as bidirectional_forward. Nothing after x[:, t + L] plays a part in step t.

    The 1 comes into sight one step ahead, and is out of the window when it is past:

    >>> one = np.ones((1, 1))
    >>> x = np.array([[[0.0], [0.0], [1.0], [0.0]]])
    >>> given = x, 0 * one, 0 * one, one, one, np.zeros(1), one, one, np.zeros(1)
    >>> lookahead_forward(*given, 1).round(2)
    array([[[0.  , 0.  ],
            [0.  , 0.64],
            [0.76, 0.76],
            [0.64, 0.  ]]])
    """
    # YOUR CODE HERE
    raise NotImplementedError

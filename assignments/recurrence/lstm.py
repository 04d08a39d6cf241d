"""The LSTM: a recurrent layer with a cell that carries its contents along, and gates that guard it.

The cell c is the memory. The forget gate f says how much of it stays, the input gate i how much of the candidate g
is added, the output gate o how much of it is shown as the state h:

    i = sigmoid(...)    f = sigmoid(...)    g = tanh(...)    o = sigmoid(...)
    c = f * c_prev + i * g
    h = o * tanh(c)

Where f is 1 and i is 0 the cell goes on unchanged, and so does its gradient on the way back.

Rules for all functions here:
- Batch first: sequences x of shape (N, T, D), states h and cells c of shape (N, T, H). Weights multiply on the
  right: x @ Wx.
- The four gates are stacked in the order i, f, g, o, as in PyTorch (other courses have other orders): columns
  0 to H - 1 of Wx, Wh, b and of the array `gates` belong to i, the next H to f, then g, then o.
- The candidate g has a tanh. Goodfellow's book (one of our lectures follows it) has a sigmoid there.
- The lecture's formulas have no biases and stop before h. Here each gate has its part of b, and h = o * tanh(c).
- Gates may saturate: where the sigmoid's argument is 1000 or -1000, the results must still be finite.
- The state and the cell before the first step are arguments, h0 and c0: nothing starts from zero by itself.
- Work in the precision you are given: float64 in, float64 out; float32 in, float32 out.
- Do not change the arrays you are given. A result must not depend on earlier calls.
"""

import numpy as np

Array = np.ndarray


def lstm_step_forward(
    x: Array, h_prev: Array, c_prev: Array, Wx: Array, Wh: Array, b: Array
) -> tuple[Array, Array, Array]:
    """One step, without peepholes.

    Args:
        x: inputs of this step, of shape (N, D).
        h_prev: states before it, of shape (N, H).
        c_prev: cells before it, of shape (N, H).
        Wx: weights of the input, of shape (D, 4H).
        Wh: weights of the state, of shape (H, 4H).
        b: biases, of shape (4H,).

    Returns:
        h and c after the step, both of shape (N, H), and gates of shape (N, 4H): i, f, g and o after their
        sigmoid or tanh.

    With all weights 0 the gates are half open, and half of the cell stays:

    >>> one = np.ones((1, 1))
    >>> h, c, gates = lstm_step_forward(one, one, 2 * one, np.zeros((1, 4)), np.zeros((1, 4)), np.zeros(4))
    >>> h.round(4), c, gates
    (array([[0.3808]]), array([[1.]]), array([[0.5, 0.5, 0. , 0.5]]))
    """
    # YOUR CODE HERE
    raise NotImplementedError


def lstm_step_backward(
    dh: Array, dc: Array, x: Array, h_prev: Array, c_prev: Array, c: Array, gates: Array, Wx: Array, Wh: Array
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Gradients of one step.

    Args:
        dh: gradient of the loss with respect to h, of shape (N, H).
        dc: gradient of the loss with respect to c that does not come through this h, of shape (N, H): in a
            sequence, what the next step sends back.
        x: inputs of the step, of shape (N, D).
        h_prev: states before it, of shape (N, H).
        c_prev: cells before it, of shape (N, H).
        c: cells after it, as lstm_step_forward returned them, of shape (N, H).
        gates: as lstm_step_forward returned them, of shape (N, 4H).
        Wx: of shape (D, 4H).
        Wh: of shape (H, 4H).

    Returns:
        dx, dh_prev, dc_prev, dWx, dWh and db, of the shapes of x, h_prev, c_prev, Wx, Wh and b.

    A cell that is kept (f = 1) and not written to (i = 0) hands its gradient on as it is:

    >>> one, weights = np.ones((1, 1)), np.ones((1, 4))
    >>> gates = np.array([[0.0, 1.0, 0.0, 0.5]])
    >>> results = lstm_step_backward(0 * one, 3 * one, one, one, one, one, gates, weights, weights)
    >>> dx, dh_prev, dc_prev, dWx, dWh, db = results
    >>> dc_prev, dx
    (array([[3.]]), array([[0.]]))
    """
    # YOUR CODE HERE
    raise NotImplementedError


def lstm_forward(x: Array, h0: Array, c0: Array, Wx: Array, Wh: Array, b: Array) -> tuple[Array, Array, Array]:
    """Read a whole sequence, starting from h0 and c0.

    Args:
        x: sequences, of shape (N, T, D), T >= 1.
        h0: states before the first step, of shape (N, H).
        c0: cells before the first step, of shape (N, H).
        Wx: of shape (D, 4H).
        Wh: of shape (H, 4H).
        b: of shape (4H,).

    Returns:
        h and c after every step, both of shape (N, T, H), and the gates of every step, of shape (N, T, 4H).

    A unit whose gates are open (their biases are 9) counts: here each step adds tanh(0.25) to its cell.

    >>> b = np.array([9.0, 9.0, 0.25, 9.0])
    >>> zero, weights = np.zeros((1, 1)), np.zeros((1, 4))
    >>> h, c, gates = lstm_forward(np.zeros((1, 4, 1)), zero, zero, weights, weights, b)
    >>> c.round(2)
    array([[[0.24],
            [0.49],
            [0.73],
            [0.98]]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def lstm_backward(
    dh: Array, x: Array, h0: Array, c0: Array, h: Array, c: Array, gates: Array, Wx: Array, Wh: Array
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Backpropagation through time, over the whole sequence.

    Args:
        dh: gradient of the loss with respect to each state directly, of shape (N, T, H). What a state or a
            cell does to later steps is not in it: that is what you add. The loss reads no cell directly.
        x: sequences, of shape (N, T, D).
        h0: states before the first step, of shape (N, H).
        c0: cells before the first step, of shape (N, H).
        h, c: states and cells after every step, as lstm_forward returned them, both of shape (N, T, H).
        gates: as lstm_forward returned them, of shape (N, T, 4H).
        Wx: of shape (D, 4H).
        Wh: of shape (H, 4H).

    Returns:
        dx, dh0, dc0, dWx, dWh and db, of the shapes of x, h0, c0, Wx, Wh and b.

    An empty cell that is kept (f = 1) for three steps and read after the last (o = 1): its gradient comes back whole.

    >>> one, weights = np.ones((1, 1)), np.zeros((1, 4))
    >>> x = h = c = np.zeros((1, 3, 1))
    >>> dh, gates = np.array([[[0.0], [0.0], [7.0]]]), np.array([[[0.0, 1.0, 0.0, 1.0]] * 3])
    >>> dx, dh0, dc0, dWx, dWh, db = lstm_backward(dh, x, 0 * one, 0 * one, h, c, gates, weights, weights)
    >>> dc0
    array([[7.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError


def lstm_peephole_step_forward(
    x: Array, h_prev: Array, c_prev: Array, Wx: Array, Wh: Array, b: Array, peephole: Array
) -> tuple[Array, Array, Array]:
    """One step of the lecture's LSTM, whose gates look at the cell too.

    Peepholes are diagonal: unit j's gates look at cell j alone, through one weight each. i and f look at the cell
    before the step, c_prev, o at the new one, c. The candidate g looks at no cell.

    Args:
        x, h_prev, c_prev, Wx, Wh, b: as in lstm_step_forward.
        peephole: of shape (3, H), with the weights v_i, v_f and v_o in its rows.

    Returns:
        h and c after the step, both of shape (N, H), and gates of shape (N, 4H), as lstm_step_forward.

    With v_o = -1000 the output gate closes as soon as there is something in the cell:

    >>> one, zero, weights = np.ones((1, 1)), np.zeros((1, 1)), np.zeros((1, 4))
    >>> peephole = np.array([[0.0], [0.0], [-1000.0]])
    >>> h, c, gates = lstm_peephole_step_forward(one, zero, 2 * one, weights, weights, np.zeros(4), peephole)
    >>> c, gates
    (array([[1.]]), array([[0.5, 0.5, 0. , 0. ]]))
    """
    # YOUR CODE HERE
    raise NotImplementedError


def lstm_peephole_step_backward(
    dh: Array, dc: Array, x: Array, h_prev: Array, c_prev: Array, c: Array, gates: Array, Wx: Array, Wh: Array,
    peephole: Array,
) -> tuple[Array, Array, Array, Array, Array, Array, Array]:  # fmt: skip
    """Gradients of one step with peepholes.

    Args:
        dh, dc, x, h_prev, c_prev, c, gates, Wx, Wh: as in lstm_step_backward; c and gates are those that
            lstm_peephole_step_forward returned.
        peephole: of shape (3, H), with the weights v_i, v_f and v_o in its rows.

    Returns:
        dx, dh_prev, dc_prev, dWx, dWh, db and dpeephole, of the shapes of x, h_prev, c_prev, Wx, Wh, b and
        peephole.

    The new cell reaches h through the output gate as well:

    >>> one, weights, gates = np.ones((1, 1)), np.zeros((1, 4)), np.array([[0.0, 1.0, 0.0, 0.5]])
    >>> peephole = np.array([[0.0], [0.0], [4.0]])
    >>> given = one, 0 * one, 0 * one, 0 * one, one, one, gates, weights, weights, peephole
    >>> *_, dc_prev, _, _, _, dpeephole = lstm_peephole_step_backward(*given)
    >>> dc_prev.round(4), dpeephole.round(4).T
    (array([[0.9716]]), array([[0.    , 0.    , 0.1904]]))
    """
    # YOUR CODE HERE
    raise NotImplementedError


def quote_cell() -> tuple[Array, Array, Array]:
    """Weights of one LSTM unit that knows whether it is inside quotes, as a unit in the lecture learnt to.

    No training: think of four gates, and set them by hand. The text comes in one character a step, as the one
    number x_t: 1 for a quotation mark, 0 for any other character. Opening and closing marks look the same. The
    unit starts from h0 = c0 = 0. After each character, h must be above 0.5 inside quotes and 0.5 or less outside; a
    mark that opens counts as inside, one that closes as outside.

    Returns:
        Wx of shape (1, 4), Wh of shape (1, 4) and b of shape (4,), for lstm_forward with D = H = 1. They are
        tried, in float64, on 200 random texts of 200 characters each.

    >>> Wx, Wh, b = quote_cell()
    >>> text, start = 'He said "no" twice', np.zeros((1, 1))
    >>> x = np.array([[[float(character == '"')] for character in text]])
    >>> h, c, gates = lstm_forward(x, start, start, Wx, Wh, b)
    >>> "".join(character if inside else "." for character, inside in zip(text, h.ravel() > 0.5))
    '........"no.......'
    """
    # YOUR CODE HERE
    raise NotImplementedError


def column_cell() -> tuple[Array, Array, Array]:
    """Weights of one LSTM unit that knows its position in the line, as a unit in the lecture learnt to.

    The text comes in one character a step, as the one number x_t: 1 for a newline, 0 for any other character. The
    unit starts from h0 = c0 = 0. After each character, 80 * c must be the number of characters since the last newline
    (or the start of the text), to the nearest integer; after a newline it is 0. No line has more than 80 characters.

    Returns:
        Wx of shape (1, 4), Wh of shape (1, 4) and b of shape (4,), for lstm_forward with D = H = 1. They are
        tried, in float64, on 200 random texts of 200 characters each.

    >>> Wx, Wh, b = column_cell()
    >>> x, start = np.array([[[0.0], [0.0], [0.0], [1.0], [0.0]]]), np.zeros((1, 1))
    >>> h, c, gates = lstm_forward(x, start, start, Wx, Wh, b)
    >>> abs(80 * c).ravel().round()
    array([1., 2., 3., 0., 1.])
    """
    # YOUR CODE HERE
    raise NotImplementedError

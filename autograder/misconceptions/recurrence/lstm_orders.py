"""Mistakes of recurrence/lstm in the order of the four gates, of which every library has its own."""

from autograder.misconceptions.recurrence.lstm_steps import Formula, Wrong, block, forwards, joined
from autograder.misconceptions.recurrence.lstm_time import backwards
from autograder.model import Misconception


def _blocks(order: str, of: str, to: str) -> dict[str, Formula]:
    """Formulas that take their blocks of an array in such an order."""
    return {to.format(gate): block(number, of) for number, gate in enumerate(order)}


def _stacked(order: str, form: str) -> Formula:
    return joined(*(form.format(gate) for gate in order))


def _weights(order: str) -> Wrong:
    """The columns of Wx, Wh and b in such an order; the array gates as it should be."""
    back = backwards(da=_stacked(order, "da_{}"))
    return {**forwards(**_blocks(order, "a", "a_{}")), **back}


def _gates(order: str) -> Wrong:
    """The array gates in such an order; the columns of Wx, Wh and b as they should be."""
    return {**forwards(gates=_stacked(order, "{}")), **backwards(**_blocks(order, "gates", "{}"))}


def _everywhere(order: str) -> Wrong:
    read = _blocks(order, "a", "a_{}")
    back = backwards(**_blocks(order, "gates", "{}"), da=_stacked(order, "da_{}"))
    return {**forwards(**read, gates=_stacked(order, "{}")), **back}


ORDERS = (
    Misconception(
        "order-i-f-o-g",
        "You take the blocks in the order i, f, o, g.",
        "The order here is i, f, g, o, as in PyTorch: the candidate is the third block, the output gate the last.",
        _everywhere("ifog"),
        "LF01",
    ),
    Misconception(
        "order-f-i-g-o",
        "You take the first block for the forget gate and the second for the input gate.",
        "The order here is i, f, g, o: the first block is the input gate.",
        _everywhere("figo"),
        "LF02",
    ),
    Misconception(
        "order-i-g-f-o",
        "You take the blocks in the order i, g, f, o.",
        "The order here is i, f, g, o: the forget gate is the second block, the candidate the third.",
        _everywhere("igfo"),
    ),
    Misconception(
        "weights-in-order-i-f-o-g",
        "You take the columns of Wx, Wh and b in the order i, f, o, g.",
        "They are in the order i, f, g, o, like the array gates: the candidate's columns are the third block.",
        _weights("ifog"),
    ),
    Misconception(
        "weights-in-order-f-i-g-o",
        "You take the first columns of Wx, Wh and b for the forget gate and the second for the input gate.",
        "They are in the order i, f, g, o, like the array gates: the input gate comes first.",
        _weights("figo"),
    ),
    Misconception(
        "weights-in-order-i-g-f-o",
        "You take the columns of Wx, Wh and b in the order i, g, f, o.",
        "They are in the order i, f, g, o, like the array gates: the forget gate's columns are the second block.",
        _weights("igfo"),
    ),
    Misconception(
        "gates-array-in-order-i-f-o-g",
        "You have the array gates in the order i, f, o, g.",
        "Its blocks are i, f, g, o, in the order of the columns of Wx, Wh and b.",
        _gates("ifog"),
    ),
)

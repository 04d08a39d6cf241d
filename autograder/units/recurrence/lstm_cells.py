"""Checks of the two cells set by hand, for recurrence/lstm: 200 random texts through the reference's step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from numpy.typing import NDArray

from autograder.errors import Mismatch
from autograder.judging.cases import Cases
from autograder.judging.checks import check
from autograder.judging.compare import describe, expect_array
from autograder.model import Student
from reference.recurrence.lstm import lstm_step_forward

Array = NDArray[Any]
Weights = tuple[Array, Array, Array]
Reading = Callable[[Array, Array], Array]  # what h and c say of each character

TEXTS, LENGTH, LINE = 200, 200, 80
OTHER_ORDERS = ("ifog", "figo", "igfo", "fiog", "ofig")
SHAPES = {"Wx": (1, 4), "Wh": (1, 4), "b": (4,)}
LETTERS = tuple("abcdefghijklmnopqrstuvwxyz     ,.")


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of the same length, the character that is the mark, and the truth about each character."""

    mark: str
    characters: Array
    truth: Array

    @property
    def marks(self) -> Array:
        return np.asarray(self.characters == self.mark, np.float64)


def quoted_texts(seed: int) -> Texts:
    """Texts with quotation marks, in some of them many, in others few; what is inside quotes is true."""
    characters = _texts(seed, '"')
    return Texts('"', characters, (characters == '"').cumsum(axis=1) % 2 == 1)


def lines(seed: int) -> Texts:
    """Texts in lines of at most 80 characters, some empty; the truth is the number of characters in the line."""
    characters = _texts(seed, "\n")
    columns = np.zeros(characters.shape)
    for t, column in enumerate(characters.T):
        before = columns[:, t - 1] if t else np.zeros(TEXTS)
        full = before == LINE
        characters[full, t] = "\n"
        columns[:, t] = np.where((column == "\n") | full, 0, before + 1)
    return Texts("\n", characters, columns)


def _texts(seed: int, mark: str) -> Array:
    rng = np.random.default_rng(seed)
    letters = rng.choice(LETTERS, (TEXTS, LENGTH))
    frequency = rng.choice((0.0, 0.02, 0.1, 0.5), (TEXTS, 1))
    return np.where(rng.random(letters.shape) < frequency, mark, letters)


def read(weights: Weights, marks: Array) -> tuple[Array, Array]:
    """h and c after each character, for one unit with these weights: the reference's steps, from h = c = 0."""
    Wx, Wh, b = (torch.from_numpy(np.asarray(array, np.float64)) for array in weights)
    h = c = torch.zeros(len(marks), 1, dtype=torch.float64)
    found = []
    for x in torch.from_numpy(marks).T:
        h, c, _ = lstm_step_forward(x[:, None], h, c, Wx, Wh, b)
        found.append((h, c))
    states, cells = (torch.cat(part, dim=1).numpy() for part in zip(*found, strict=True))
    return states, cells


def _weights(student: Student, function: str) -> Weights:
    """What the function returned, if it has the right form."""
    found = student.call(function)
    if not isinstance(found, tuple | list) or len(found) != len(SHAPES):
        raise Mismatch(f"{function} returns {describe(found)}, but should return 3 results: Wx, Wh, b", kind="type")
    for (name, shape), array in zip(SHAPES.items(), found, strict=True):
        expect_array(name, array, np.zeros(shape))
        if not np.isfinite(array).all():
            raise Mismatch(f"{name} is not finite everywhere", kind="not finite", result=name, got=array)
    Wx, Wh, b = found
    return Wx, Wh, b


def _judge(student: Student, function: str, texts: Texts, reading: Reading, say: Callable[[Any], str]) -> None:
    weights = _weights(student, function)
    said = reading(*read(weights, texts.marks))
    wrong = said != texts.truth
    if not wrong.any():
        return
    failed = wrong.any(axis=1)
    row = min(np.flatnonzero(failed), key=lambda row: int(np.argmax(wrong[row])))
    at = int(np.argmax(wrong[row]))
    begins = "".join(texts.characters[row, : at + 1])
    words = f"{int(failed.sum())} of {TEXTS} texts are read wrongly. One begins {begins!r}: there the cell says"
    words += f" {say(said[row, at])}, but should say {say(texts.truth[row, at])}"
    raise Mismatch(words + _other_order(weights, texts, reading), kind="values")


def _other_order(weights: Weights, texts: Texts, reading: Reading) -> str:
    """Whether the cell would be right with its gates in another order."""
    Wx, Wh, b = weights
    for order in OTHER_ORDERS:
        blocks = [order.index(gate) for gate in "ifgo"]
        if (reading(*read((Wx[:, blocks], Wh[:, blocks], b[blocks]), texts.marks)) == texts.truth).all():
            return f". With its gates in the order {', '.join(order)} it would be right: the order here is i, f, g, o"
    return ""


def _inside(h: Array, c: Array) -> Array:
    return np.asarray(h > 0.5)


def _column(h: Array, c: Array) -> Array:
    return np.round(LINE * c) + 0.0


def _cases(name: str, build: Callable[[int], Texts]) -> Cases:
    return Cases(name, st.integers(0, 2**16), build=build, count=1)


@check("quote_cell", given=_cases("quote_cell.texts", quoted_texts), points=3)
def right_on_200_texts(student: Student, case: Texts) -> None:
    """Experiment: the cell of quote_cell knows whether it is inside quotes, in 200 random texts."""
    _judge(student, "quote_cell", case, _inside, lambda inside: "inside" if inside else "outside")


@check("column_cell", given=_cases("column_cell.texts", lines), points=3)
def right_on_200_lines(student: Student, case: Texts) -> None:
    """Experiment: the cell of column_cell knows its position in the line, in 200 random texts."""
    _judge(student, "column_cell", case, _column, lambda column: f"column {column:g}")

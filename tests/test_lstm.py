"""What is special in recurrence/lstm and recurrence/bidirectional: cells set by hand, and laws that mistakes break."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from students import LocalStudent, cases_of, fails, mistaken, solution

from autograder.course import load
from autograder.errors import Mismatch
from autograder.model import Check

LSTM, BIDIRECTIONAL = "recurrence/lstm", "recurrence/bidirectional"
LAWS = {
    (LSTM, "lstm_step_forward.carries-the-cell"): "forget-gate-inverted",
    (LSTM, "lstm_step_forward.input-and-forget-gate-are-independent"): "coupled-gates",
    (LSTM, "lstm_step_forward.carries-the-gradient"): "dc-ignored",
    (LSTM, "lstm_forward.starts-from-h0-and-c0"): "c0-ignored",
    (LSTM, "lstm_forward.causal"): "forward-in-time",
    (LSTM, "lstm_peephole_step_forward.a-step-like-any-other-without-peepholes"): "order-i-f-o-g",
    (LSTM, "lstm_peephole_step_forward.each-unit-sees-its-own-cell"): "peepholes-between-units",
    (BIDIRECTIONAL, "reverse_within.twice-is-nothing"): "padding-cleared",
    (BIDIRECTIONAL, "bidirectional_forward.padding-is-invisible"): "padding-read-first",
    (BIDIRECTIONAL, "bidirectional_forward.two-directions"): "same-layer-both-ways",
    (BIDIRECTIONAL, "lookahead_forward.blind-beyond-l"): "one-step-too-far",
}


def check_of(path: str, name: str) -> Check:
    return next(check for check in load(path).checks if check.name == name)


def test_each_law_is_broken_by_a_mistake_and_by_no_right_answer() -> None:
    laws = {(path, check.name) for path in (LSTM, BIDIRECTIONAL) for check in load(path).checks if check.law}
    assert laws == set(LAWS)
    for (path, name), mistake in LAWS.items():
        known = next(known for known in load(path).misconceptions if known.name == mistake)
        check = check_of(path, name)
        assert fails(load(path), check, LocalStudent(mistaken(path, known))), name
        assert not fails(load(path), check, LocalStudent(solution(path))), name


def cell(i: float, f: float, g: float, *, order: str = "ifgo") -> tuple[np.ndarray, ...]:
    """A quote cell: Wx for i and f, Wh for g, with its blocks in some order."""
    Wx, Wh, b = np.zeros((1, 4)), np.zeros((1, 4)), np.zeros(4)
    blocks = {gate: block for block, gate in enumerate(order)}
    Wx[0, blocks["i"]], Wx[0, blocks["f"]], Wh[0, blocks["g"]] = i, f, g
    b[[blocks[gate] for gate in "ifgo"]] = -i / 2, -f / 2, -g / 3, 40
    return Wx, Wh, b


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (cell(80, -80, -80, order="ifog"), r"gates in the order i, f, o, g it would be right: the order here is"),
        (cell(80, -80, -80, order="figo"), r"gates in the order f, i, g, o it would be right"),
        (cell(80, -80, 0), r"texts are read wrongly\. One begins '.*': there the cell says outside, but should say"),
        (cell(80, -80, np.nan), "Wh is not finite"),
        ((np.zeros(4), np.zeros((1, 4)), np.zeros(4)), r"Wx.shape=\(4,\), but should be \(1, 4\)"),
        (None, "quote_cell returns None"),
    ],
)
def test_a_wrong_cell_is_told_what_it_reads_wrongly(weights: Any, words: str) -> None:
    check = check_of(LSTM, "quote_cell.right-on-200-texts")
    answer: Callable[[], Any] = lambda: weights  # noqa: E731
    for case in cases_of(load(LSTM), check):
        with pytest.raises(Mismatch, match=words):
            check.test(LocalStudent({"quote_cell": answer}), case)


def test_the_texts_are_lines_of_at_most_80_characters_and_some_are_full() -> None:
    (case,) = cases_of(load(LSTM), check_of(LSTM, "column_cell.right-on-200-lines"))
    for characters, columns in zip(case.characters, case.truth, strict=True):
        lines = "".join(characters).split("\n")
        assert max(map(len, lines)) <= 80
        assert [place for line in lines for place in range(len(line) + 1)][1:] == columns.tolist()
    assert case.truth.max() == 80

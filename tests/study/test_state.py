"""What is remembered of a learner: one small file, whole or not at all, and never a reason to stop."""

import io
import json
import os
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from autograder.model import CheckResult, Report, Verdict
from autograder.study.course_map import show_map
from autograder.study.places import files_in, following, going_on, home_of, not_started
from autograder.study.state import FORMAT, NAME, Mark, Memory, State, mark_of

SIGNALS, SHAPES, CONV2D = "convolution/signals", "convolution/shapes", "convolution/conv2d"


def report(unit: str, *, passed: bool = True, hidden: bool = False) -> Report:
    verdict = Verdict.PASSED if passed else Verdict.FAILED
    result = CheckResult("f.x", "", verdict, 2 * passed, 2, hidden=hidden)
    return Report("ada", unit, "", (result,), 0, "none")


def test_it_is_kept_and_read_back(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    assert memory.read() == State()
    memory.change(lambda state: state.checked(report(SIGNALS)).told(f"{SIGNALS}:f:flipped", 2))
    state = Memory(tmp_path).read()
    assert (state.current, dict(state.marks)) == (SIGNALS, {SIGNALS: Mark(2, 2, True)})
    assert dict(state.hints) == {f"{SIGNALS}:f:flipped": 2}
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
    assert memory.change(lambda state: state.forgotten(SIGNALS)) == State(current=SIGNALS)


def test_hidden_checks_once_passed_stay_passed_until_something_fails() -> None:
    state = State().checked(report(SIGNALS, hidden=True)).checked(report(SIGNALS))
    assert state.marks[SIGNALS].hidden
    assert not state.checked(report(SIGNALS, passed=False)).checked(report(SIGNALS)).marks[SIGNALS].hidden


def test_a_unit_that_is_a_bonus_as_a_whole_is_done_when_the_bonus_is() -> None:
    stub, done = (replace(result, bonus=True) for result in (*report("u", passed=False).results, *report("u").results))
    assert mark_of(replace(report("u"), results=(stub, done))) == Mark(2, 4, False, bonus=2)
    assert mark_of(replace(report("u"), results=(done,))) == Mark(2, 2, True, bonus=2)


@pytest.mark.parametrize(("encoding", "bar"), [("utf-8", "██████▒▒▒▒"), ("ascii", "######++++")])
def test_the_map_tells_bonus_points_apart(encoding: str, bar: str) -> None:
    lost, bonus = report(CONV2D, passed=False).results[0], replace(report(CONV2D).results[0], bonus=True)
    plain = replace(bonus, points=3, earned=3, bonus=False)
    mark = mark_of(replace(report(CONV2D), results=(lost, plain, bonus)))
    assert mark == Mark(5, 5, False, bonus=2)
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    show_map(Console(file=file, width=100), State(marks={CONV2D: mark}), [CONV2D])
    file.seek(0)
    assert f"conv2d           {bar} 5 of 5, 2 of them bonus" in file.read()
    strips = State(marks={"recurrence/digit_strips": Mark(5, 20, False, bonus=5)})
    show_map(console := Console(file=io.StringIO(), width=100), strips, [])
    assert "5 of 20 bonus" in console.file.getvalue()  # type: ignore[attr-defined]
    old = msgspec.json.decode(b'{"score": 5, "possible": 5, "passed": false}', type=Mark)  # before bonus was kept
    assert old.bonus == 0


@pytest.mark.parametrize(
    "stored", [b"", b"{", b"[]", b"3", b"\xff", b"{}", b'{"format": "x"}', b'{"format": 1, "hints": 3}', b"\0" * 100]
)
def test_a_damaged_file_is_set_aside_with_a_word(tmp_path: Path, stored: bytes) -> None:
    (tmp_path / NAME).write_bytes(stored)
    memory = Memory(tmp_path)
    assert memory.read() == State()
    assert memory.trouble.startswith(f"{NAME} cannot be read (")
    assert "your files are not" in memory.trouble
    assert (tmp_path / f"{NAME}.broken").read_bytes() == stored
    assert memory.change(lambda state: state.checked(report(SIGNALS))).done(SIGNALS)
    assert Memory(tmp_path).read().done(SIGNALS)


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    newer = json.dumps({"format": FORMAT + 1, "marks": "of another form"})
    (tmp_path / NAME).write_text(newer)
    memory = Memory(tmp_path)
    memory.change(lambda state: state.checked(report(SIGNALS)))
    assert "a newer handgrad" in memory.trouble
    assert (tmp_path / NAME).read_text() == newer


def test_a_file_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    os.mkdir(tmp_path / NAME)
    assert Memory(tmp_path).change(lambda state: state.checked(report(SIGNALS))).done(SIGNALS)


def test_where_to_go_on(tmp_path: Path) -> None:
    for unit in (CONV2D, SIGNALS, SHAPES):
        path = tmp_path / f"{unit}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    found = files_in(tmp_path)
    assert list(found) == [SIGNALS, SHAPES, CONV2D]
    assert home_of(tmp_path) == home_of(tmp_path / "convolution") == home_of(found[SIGNALS]) == tmp_path
    assert going_on(State(), found) == SIGNALS
    assert going_on(State(current=SHAPES), found) == SHAPES
    state = State().checked(report(CONV2D))
    assert going_on(state, found) == SIGNALS
    assert following(state.checked(report(SIGNALS, passed=False)), found) == SHAPES
    assert going_on(state.checked(report(SHAPES)).checked(report(SIGNALS)), found) == ""
    assert not_started(found) == "convnets"

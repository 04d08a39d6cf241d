"""Hints: one step at a time, remembered beside the student's files."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.hints import next_hint
from autograder.model import CheckResult, Diagnosis, Report, Verdict

STEPS = ("a property is broken", "a mistake breaks it", "look at this term")
MISTAKE = Diagnosis(what="You flip.", misconceptions=("flipped",), hints=STEPS)
FAILED = CheckResult("conv2d_forward.values", "", Verdict.FAILED, 0, 2, diagnosis=MISTAKE)
PASSED = CheckResult("pad2d.values", "", Verdict.PASSED, 2, 2)


def report(*results: CheckResult) -> Report:
    return Report("ada", "convolution/conv2d", "", results, 0, "none")


def steps(folder: Path, what: Report, times: int) -> list[str]:
    hints = [next_hint(what, folder) for _ in range(times)]
    return [hint.text if hint else "" for hint in hints]


def test_three_steps_and_then_the_last(tmp_path: Path) -> None:
    assert steps(tmp_path, report(PASSED, FAILED), 5) == [*STEPS, STEPS[2], STEPS[2]]
    hint = next_hint(report(FAILED), tmp_path)
    assert hint
    assert (hint.unit, hint.step, hint.steps) == ("convolution/conv2d", 3, 3)


def test_nothing_to_say(tmp_path: Path) -> None:
    unknown = replace(FAILED, diagnosis=None)
    unexplained = replace(FAILED, diagnosis=Diagnosis(when="stride > 1"))
    advice = replace(FAILED, advice=True)
    assert next_hint(report(PASSED, unknown, unexplained, advice), tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_every_mistake_function_and_folder_starts_at_the_first_step(tmp_path: Path) -> None:
    others = [
        replace(FAILED, diagnosis=replace(MISTAKE, misconceptions=("other",))),
        replace(FAILED, check="conv2d_backward.dx"),
    ]
    for result in (FAILED, *others):
        assert steps(tmp_path, report(result), 2) == list(STEPS[:2])
    (tmp_path / "b").mkdir()
    assert steps(tmp_path / "b", report(FAILED), 1) == [STEPS[0]]
    assert steps(tmp_path, replace(report(FAILED), unit="convnets/pooling"), 1) == [STEPS[0]]
    assert steps(tmp_path, report(replace(FAILED, check="conv2d_forward.float32")), 1) == [STEPS[2]]


@pytest.mark.parametrize(
    "stored", [b"", b"{", b"[]", b"3", b"\xff", b'{"x": "y"}', *(b'{"KEY": %s}' % n for n in (b"-7", b'"2"', b"null"))]
)
def test_a_damaged_memory_starts_at_the_first_step(tmp_path: Path, stored: bytes) -> None:
    path = tmp_path / ".handgrad/hints.json"
    path.parent.mkdir()
    path.write_bytes(stored.replace(b"KEY", b"convolution/conv2d:conv2d_forward:flipped"))
    assert steps(tmp_path, report(FAILED), 2) == list(STEPS[:2])


def test_a_step_beyond_the_last_is_the_last(tmp_path: Path) -> None:
    path = tmp_path / ".handgrad/hints.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"convolution/conv2d:conv2d_forward:flipped": 10**9}))
    assert steps(tmp_path, report(FAILED), 1) == [STEPS[2]]


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / ".handgrad").write_text("in the way")
    assert steps(tmp_path, report(FAILED), 2) == [STEPS[0]] * 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert steps(tmp_path, report(FAILED), 2) == [STEPS[0]] * 2
    tmp_path.chmod(0o700)

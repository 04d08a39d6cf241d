"""Diagnosis: every wrong model is named as itself, correct code never, and what nobody knows gets no name."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from students import LocalStudent, solution, without_experiments

from autograder.course import COURSE, load
from autograder.grading.grade import grade_unit
from autograder.grading.seeds import Seed
from autograder.model import Diagnosis, Report

PATHS = [entry.path for entry in COURSE]


def report_on(path: str, functions: dict[str, Callable[..., Any]], seed: int = 0) -> Report:
    unit = without_experiments(load(path))
    return grade_unit(unit, LocalStudent(functions, unit), submission="", seed=Seed(seed), sandbox="none").report


def diagnoses(report: Report) -> list[Diagnosis]:
    return [result.diagnosis for result in report.results if result.diagnosis]


@pytest.mark.parametrize("path", PATHS)
def test_correct_code_is_never_diagnosed(path: str) -> None:
    assert diagnoses(report_on(path, solution(path))) == []


def one(path: str, function: str, wrong: Callable[..., Any]) -> Diagnosis:
    """The diagnosis of the first failure when one function of the solution is replaced."""
    found = diagnoses(report_on(path, {**solution(path), function: wrong}))
    assert found, "nothing failed"
    return found[0]


def conv2d_forward_then(change: Callable[..., Any]) -> Callable[..., Any]:
    right = solution("convolution/conv2d")["conv2d_forward"]
    return lambda x, w, b, **options: change(right(x, w, b, **options), x, w, b, **options)


def test_crop_up_to_minus_padding_is_told_with_its_condition() -> None:
    right = solution("convolution/conv2d")["conv2d_backward"]

    def wrong(dout: Any, x: Any, w: Any, stride: int = 1, padding: int = 0) -> Any:
        dx, dw, db = right(dout, x, w, stride=stride, padding=padding)
        return (dx if padding else dx[:, :, 0:0, 0:0]), dw, db

    diagnosis = one("convolution/conv2d", "conv2d_backward", wrong)
    assert diagnosis.misconceptions == ("crop-up-to-minus-padding",)
    assert diagnosis.when == "exactly when padding = 0"
    assert len(diagnosis.hints) == 3


def test_a_mistake_that_nobody_knows_gets_no_name() -> None:
    wrong = conv2d_forward_then(lambda out, x, w, b, **_: np.where(np.abs(out) > 20, out + 1, out))
    diagnosis = one("convolution/conv2d", "conv2d_forward", wrong)
    assert diagnosis.misconceptions == ()
    assert diagnosis.hints == ()


def test_a_model_that_is_wrong_where_the_student_is_right_is_not_named() -> None:
    """Right at stride 1 and off by one at other strides: it equals no known mistake where that is right."""

    def wrong(out: Any, x: Any, w: Any, b: Any, stride: int = 1, padding: int = 0) -> Any:
        return out if stride == 1 else out[:, :, :-1, :-1]

    diagnosis = one("convolution/conv2d", "conv2d_forward", conv2d_forward_then(wrong))
    assert diagnosis.misconceptions == ()
    assert diagnosis.when == "exactly when stride > 1"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda out, x, w, b, **_: -out, "out has the wrong sign"),
        (lambda out, x, w, b, **_: 0 * out, "out is zero everywhere"),
        (lambda out, x, w, b, **_: 2 * out, "out is twice what it should be"),
        (lambda out, x, w, b, **_: out / len(x), "out is divided by N"),
        (lambda out, x, w, b, **_: out[:, :, ::-1], "out is turned round along H'"),
        (lambda out, x, w, b, **_: out.transpose(0, 2, 3, 1), "the axes of out are in the order N, H', W', F"),
        (lambda out, x, w, b, **_: out.sum(0), "out is summed over N, which should stay"),
    ],
)
def test_transforms_of_the_right_answer_are_told(change: Callable[..., Any], words: str) -> None:
    diagnosis = one("convolution/conv2d", "conv2d_forward", conv2d_forward_then(change))
    assert diagnosis.misconceptions == ()
    assert diagnosis.what == words


def test_a_gradient_in_anothers_place_is_told() -> None:
    right = solution("recurrence/rnn")["rnn_step_backward"]

    def wrong(*arrays: Any) -> Any:
        dx, dh_prev, dWx, dWh, db = right(*arrays)
        return dx, dh_prev, dWh, dWx, db

    whats = [
        d.what
        for d in diagnoses(report_on("recurrence/rnn", {**solution("recurrence/rnn"), "rnn_step_backward": wrong}))
    ]
    assert "dWh is returned in the place of dWx" in whats
    assert "dWx is returned in the place of dWh" in whats


def test_the_slice_that_is_wrong_is_told() -> None:
    def wrong(out: Any, x: Any, w: Any, b: Any, **_: Any) -> Any:
        out[..., -1] += 1
        return out

    diagnosis = one("convolution/conv2d", "conv2d_forward", conv2d_forward_then(wrong))
    assert diagnosis.where == "out: the last column only"


def test_an_argument_without_effect_is_told() -> None:
    right = solution("recurrence/rnn")["rnn_forward"]
    diagnosis = one("recurrence/rnn", "rnn_forward", lambda x, h0, Wx, Wh, b: right(x, h0, Wx, Wh, 0 * b) + 1e-3)
    assert diagnosis.what == "h does not change when b does"

"""Part of the points for a backward pass that is right for the student's own forward pass, and for nothing less."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from students import LocalStudent, cases_of, grade_functions, on_arrays, solution

from autograder.course import load
from autograder.judging.credit import ATTEMPT, SHARE, own_forward_credit
from autograder.model import CheckResult, Report, Verdict
from autograder.units.convolution.conv2d import BATCH, COMBINED, CONV2D, PADDING
from reference.convolution.conv2d import conv2d_forward
from reference.gradients import vjp

UNIT = load("convolution/conv2d")
RIGHT = solution("convolution/conv2d")
Model = Callable[..., torch.Tensor]


def with_its_gradient(model: Model) -> dict[str, Callable[..., Any]]:
    """A submission whose forward pass is `model` and whose backward pass is the derivative of it."""

    def backward(dout: torch.Tensor, x: torch.Tensor, w: torch.Tensor, **options: Any) -> tuple[torch.Tensor, ...]:
        inputs = {"x": x, "w": w, "b": torch.zeros(len(w), dtype=x.dtype)}
        return tuple(vjp(model, inputs, ("x", "w", "b"), (dout,), **options).values())

    return RIGHT | {"conv2d_forward": on_arrays(model), "conv2d_backward": on_arrays(backward)}


def flipped(x: torch.Tensor, w: torch.Tensor, b: torch.Tensor, **options: Any) -> torch.Tensor:
    return conv2d_forward(x, w.flip(2, 3), b, **options)


def flipped_if_padded(x: torch.Tensor, w: torch.Tensor, b: torch.Tensor, stride: int, padding: int) -> torch.Tensor:
    return conv2d_forward(x, w.flip(2, 3) if padding else w, b, stride, padding)


def nothing(x: torch.Tensor, w: torch.Tensor, b: torch.Tensor, **options: Any) -> torch.Tensor:
    return 0 * conv2d_forward(x, w, b, **options)


def gradients(report: Report) -> list[CheckResult]:
    return [r for r in report.results if r.check.startswith("conv2d_backward.") and r.points]


def credit(functions: dict[str, Any], stratum: Any = BATCH, wrt: str = "x", recognised: bool = False) -> str:
    (check,) = (c for c in UNIT.checks if c.name == f"conv2d_backward.d{wrt}.{stratum.name}")
    return own_forward_credit(wrt)(LocalStudent(functions), cases_of(UNIT, check), recognised)


def test_a_flipped_kernel_with_its_own_gradient_earns_60_percent_of_the_gradients() -> None:
    results = gradients(grade_functions(UNIT, with_its_gradient(flipped)))
    failed = [result for result in results if result.verdict is Verdict.FAILED]
    assert {result.check.split(".")[1] for result in failed} == {"dx", "dw"}
    assert [result.earned for result in failed] == [pytest.approx(SHARE * result.points) for result in failed]
    assert all("your own forward pass" in result.message for result in failed)


def test_zeros_everywhere_earn_nothing() -> None:
    report = grade_functions(UNIT, with_its_gradient(nothing))
    failed = [result for result in gradients(report) if result.verdict is not Verdict.PASSED]
    assert all(result.earned == 0 for result in failed)


@pytest.mark.parametrize("recognised", [False, True])
@pytest.mark.parametrize("wrt", ["x", "w", "b"])
def test_zeros_earn_nothing_even_if_they_had_a_name(wrt: str, recognised: bool) -> None:
    assert credit(with_its_gradient(nothing), wrt=wrt, recognised=recognised) == ""


def wrong_gradients(*arguments: Any, **options: Any) -> tuple[Any, ...]:
    return tuple(2 * gradient for gradient in RIGHT["conv2d_backward"](*arguments, **options))


def test_a_right_forward_gets_no_credit_and_no_such_words() -> None:
    report = grade_functions(UNIT, RIGHT | {"conv2d_backward": wrong_gradients})
    assert not any("own forward" in result.message for result in report.results)
    assert all(result.earned == 0 for result in gradients(report))
    assert credit(RIGHT, recognised=True) == ""


def test_a_wrong_gradient_of_a_wrong_forward_earns_nothing() -> None:
    functions = with_its_gradient(flipped) | {"conv2d_backward": wrong_gradients}
    assert credit(functions, recognised=True) == ""
    functions["conv2d_backward"] = RIGHT["conv2d_backward"]  # right for the reference, not for that forward pass
    assert credit(functions, recognised=True) == ""


def test_an_unknown_forward_must_be_right_on_a_quarter_of_the_cases() -> None:
    functions = with_its_gradient(flipped_if_padded)
    (check,) = (c for c in UNIT.checks if c.name == "conv2d_backward.dx.combined")
    right = [case["padding"] == 0 or case["w"].shape[2:] == (1, 1) for case in cases_of(UNIT, check)]
    assert ATTEMPT <= np.mean(right) < 1
    assert credit(functions, COMBINED) != ""
    assert credit(functions, PADDING) == ""
    assert credit(functions, PADDING, recognised=True) != ""


def test_a_forward_of_the_wrong_shape_earns_nothing() -> None:
    functions = with_its_gradient(lambda x, w, b, **options: conv2d_forward(x, w, b, **options)[..., :1])
    assert credit(functions, recognised=True) == ""


@pytest.mark.parametrize(
    "answer", [None, "dx", (), (1, 2, 3), [[1], [1, 2]], ([[1], [1, 2]],) * 3, (np.array([1j]),) * 3, ({}, {}, {})],
    ids=str,
)  # fmt: skip
def test_odd_answers_earn_nothing_and_stop_nothing(answer: Any) -> None:
    wrong = with_its_gradient(flipped)
    assert credit(wrong | {"conv2d_backward": lambda *args, **options: answer}, recognised=True) == ""
    assert credit(wrong | {"conv2d_forward": lambda *args, **options: answer}, recognised=True) == ""


def test_complex_gradients_of_the_right_shape_earn_nothing() -> None:
    backward = with_its_gradient(flipped)["conv2d_backward"]

    def wrong(*arguments: Any, **options: Any) -> tuple[Any, ...]:
        return tuple(gradient + 0j for gradient in backward(*arguments, **options))

    assert credit(with_its_gradient(flipped) | {"conv2d_backward": wrong}, recognised=True) == ""


def test_the_credit_is_for_layers_with_a_forward_pass_of_this_name() -> None:
    functions = with_its_gradient(flipped)
    del functions[CONV2D.forward.function]
    assert credit(functions, recognised=True) == ""

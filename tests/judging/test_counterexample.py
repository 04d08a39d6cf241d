"""Counterexamples: pasted into Python, they show what the report shows."""

import re
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from students import LocalStudent, cases_of, grade_functions, only, solution

from autograder.course import COURSE, load
from autograder.errors import Mismatch, Raised, TimedOut
from autograder.judging.counterexample import HEAT, PASTED, WHOLE, WINDOW, counterexample
from autograder.judging.judge import attempt
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.model import Check, Counterexample, Unit
from autograder.units.convolution.conv2d import CONV2D, layer

CONV = load("convolution/conv2d")
PLAIN = next(check for check in CONV.checks if check.name == "conv2d_forward.plain")
BACKWARD = next(check for check in CONV.checks if check.name == "conv2d_backward.dx.plain")
RIGHT = solution(CONV.path)


def spoiled(function: Callable[..., Any], which: int | None) -> Callable[..., Any]:
    """A function whose answer number `which` (None: its only one) is wrong, each entry by another amount."""

    def wrong(*arguments: Any, **options: Any) -> Any:
        answer = function(*arguments, **options)
        if which is None:
            return off(answer)
        return tuple(off(part) if place == which else part for place, part in enumerate(answer))

    return wrong


def off(answer: Any) -> Any:
    """A wrong answer of the same sort: an array, a tuple of numbers, a number."""
    if isinstance(answer, tuple):
        return tuple(part + 1 + place for place, part in enumerate(answer))
    part = plain(answer)
    return np.asarray(part + 1 + np.arange(part.size).reshape(part.shape))


def driven(unit: Unit, check: Check) -> bool:
    return bool(cases_of(unit, check)[0].layer.functions)


def plain(answer: Any) -> np.ndarray:
    return answer.detach().numpy() if isinstance(answer, torch.Tensor) else np.asarray(answer)


def results() -> list[Any]:
    """Every result of every function of the course, as (unit, function, its place among the function's results)."""
    found: dict[str, Any] = {}
    for entry in COURSE:
        for check in load(entry.path).checks:
            if not check.result or "." in check.result:  # a part of a dict is shown as an array is
                continue
            case = cases_of(load(entry.path), check)[0]
            if isinstance(case.expected.get(check.result), dict):
                continue
            function, of = check.functions[0], case.layer
            if of.functions:  # a driver calls it: below
                continue
            signature = of.backward if of.backward and of.backward.function == function else of.forward
            name = f"{function}-{check.result}"
            place = signature.results.index(check.result) if len(signature.results) > 1 else None
            found[name] = pytest.param(entry.path, function, place, id=name)
    return list(found.values())


def paste(unit: Unit, functions: dict[str, Any], shown: Counterexample) -> Any:
    """Run the lines that a person would paste, with the submission's file importable."""
    module = ModuleType(unit.name)
    vars(module).update(functions)
    namespace: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, unit.name, module)
        exec(shown.setup, namespace)
        return eval(shown.call, namespace)


def written(text: str) -> np.ndarray:
    """The numbers of a printed array, in order."""
    return np.array([float(number) for number in re.findall(r"-?(?:\d+\.?\d*(?:e[+-]?\d+)?|inf)|nan", text)])


@pytest.mark.parametrize(("path", "function", "which"), results())
def test_pasting_gives_what_is_shown(path: str, function: str, which: int | None) -> None:
    unit = load(path)
    functions = solution(path) | {function: spoiled(solution(path)[function], which)}
    of_results = {check.name for check in unit.checks if check.result and "." not in check.result}
    of_results -= {check.name for check in unit.checks if check.name in of_results and driven(unit, check)}
    its = [check.name for check in unit.checks if check.name in of_results and function in check.functions]
    graded = grade_functions(only(unit, *its), functions).results  # the others are right
    shown = [result.counterexample for result in graded if result.counterexample]
    assert shown
    for example in shown:
        answer = paste(unit, functions, example)
        answer = plain(answer if which is None else answer[which])
        right = paste(unit, solution(path), example)
        right = plain(right if which is None else right[which])
        window = window_of(example.result)
        np.testing.assert_allclose(written(example.got), answer[window].ravel(), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(written(example.expected), right[window].ravel(), rtol=1e-5, atol=1e-6)
        assert (answer != right).all() if example.index is None else answer[example.index] != right[example.index]


def test_pasting_a_call_of_a_driver_gives_what_is_shown() -> None:
    unit = load("vision/transfer")
    functions = solution(unit.path) | {"freeze": lambda module: module.requires_grad_(False)}
    graded = grade_functions(only(unit, "freeze.block"), functions).results
    [shown] = [result.counterexample for result in graded if result.counterexample]
    assert shown.call.startswith("freeze_probe(transfer, state, x, y, ")
    assert shown.result.startswith("state_after['")
    answer, right = (paste(unit, student, shown) for student in (functions, solution(unit.path)))
    part = shown.result.split("'")[1]
    np.testing.assert_allclose(written(shown.got), answer[part].ravel(), rtol=1e-5)
    np.testing.assert_allclose(written(shown.expected), right[part].ravel(), rtol=1e-5)


def window_of(title: str) -> Any:
    """The slice in a title such as "dx[0, 1, :, 2:5]"."""
    inside = re.fullmatch(r"\w+(?:\[(.*)\])?", title)
    assert inside, title
    return eval(f"np.s_[{inside[1]}]") if inside[1] else ()


def case_of(sizes: Sizes) -> LayerCase:
    return LayerCase(CONV2D, CONV2D.kind, sizes, 3)


def example_of(functions: dict[str, Any], case: LayerCase, check: Check = PLAIN) -> Counterexample:
    error = attempt(check, LocalStudent(RIGHT | functions), case)
    assert error is not None
    found = counterexample(CONV, check, case, error)
    assert found is not None
    return found


def wrong_at(index: tuple[int, ...], by: float = 1.0) -> dict[str, Any]:
    def forward(*arguments: Any, **options: Any) -> np.ndarray:
        out = RIGHT["conv2d_forward"](*arguments, **options)
        out[index] += by
        return out

    return {"conv2d_forward": forward}


def test_small_arrays_are_shown_whole() -> None:
    example = example_of(wrong_at((0, 0, 1, 1)), case_of(layer(1, 1, 1, (4, 4), (2, 2))))
    assert example.result == "out"
    assert written(example.got).size == written(example.expected).size == 9
    assert example.index == (0, 0, 1, 1)
    assert example.errors == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]


@pytest.mark.parametrize("index", [(1, 2, 0, 0), (1, 2, 19, 29), (0, 1, 10, 3), (1, 0, 7, 28)])
def test_of_large_arrays_the_window_around_the_worst_entry_is_shown(index: tuple[int, ...]) -> None:
    case = case_of(layer(2, 1, 3, (20, 30), (1, 1)))
    functions = wrong_at(index, by=100)
    example = example_of(functions, case)
    window = window_of(example.result)
    mask = np.zeros(case.expected["out"].shape, bool)
    mask[window] = True
    assert mask[index]
    assert mask.sum() == WINDOW * WINDOW <= WHOLE + 20
    assert 100 in np.round(written(example.got) - written(example.expected))
    assert example.errors_of == f"out[{index[0]}, {index[1]}, :, :]"
    assert np.shape(example.errors) == (20, 30)


def test_a_heat_map_has_its_limits() -> None:
    example = example_of(wrong_at((0, 0, 70, 5)), case_of(layer(1, 1, 1, (80, 40), (1, 1))))
    assert np.shape(example.errors) == (HEAT, HEAT)
    assert np.max(example.errors) == 1


def test_the_worst_entry_is_shown_and_not_the_first() -> None:
    def forward(*arguments: Any, **options: Any) -> np.ndarray:
        out = RIGHT["conv2d_forward"](*arguments, **options)
        out[0, 0, 0, 0] += 1
        out[0, 0, 15, 15] += 5
        return out

    example = example_of({"conv2d_forward": forward}, case_of(layer(1, 1, 1, (16, 16), (1, 1))))
    assert example.result == "out[0, 0, 8:16, 8:16]"
    assert example.index == (0, 0, 0, 0)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_worse_than_anything(bad: float) -> None:
    def forward(*arguments: Any, **options: Any) -> np.ndarray:
        out = RIGHT["conv2d_forward"](*arguments, **options)
        out[0, 0, 0, 0] += 1e9
        out[0, 0, 12, 12] = bad
        return out

    example = example_of({"conv2d_forward": forward}, case_of(layer(1, 1, 1, (16, 16), (1, 1))))
    assert example.result == "out[0, 0, 8:16, 8:16]"
    assert example.errors is not None
    assert example.errors[12][12] == -1


def test_wrong_shapes_are_outlined_side_by_side() -> None:
    example = example_of({"conv2d_forward": lambda *a, **o: np.zeros((1, 2))}, case_of(layer(1, 1, 1, (3, 3), (2, 2))))
    assert example.got.startswith("shape (1, 2), dtype float64\n")
    assert example.expected.startswith("shape (1, 1, 2, 2), dtype float64\n")
    assert example.errors is None


@pytest.mark.parametrize("answer", [[1, 2], "text"])
def test_what_is_no_array_is_shown_as_it_is(answer: Any) -> None:
    example = example_of({"conv2d_forward": lambda *a, **o: answer}, case_of(layer(1, 1, 1, (3, 3), (2, 2))))
    assert example.got == repr(answer)


@pytest.mark.parametrize("error", [Raised("ValueError", "no", 3), TimedOut("slow"), Mismatch("is None")])
def test_without_an_answer_there_is_still_a_call_to_paste(error: Any) -> None:
    case = case_of(layer(1, 2, 1, (3, 4), (2, 2), 2, 1))
    example = counterexample(CONV, BACKWARD, case, error)
    assert example is not None
    assert example.call == "conv2d_backward(dout, x, w, stride=2, padding=1)"
    assert (example.result, example.got, example.expected) == ("", "", "")
    for got, expected in zip(paste(CONV, RIGHT, example), case.gradients.values(), strict=True):
        np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("name", ["conv2d_forward.reals", "conv2d_forward.float32", "conv2d_backward.dx.precision"])
def test_numbers_are_written_so_that_they_read_back_the_same(name: str) -> None:
    check = next(check for check in CONV.checks if check.name == name)
    for case in cases_of(CONV, check):
        example = counterexample(CONV, check, case, TimedOut("slow"))
        assert example is not None
        request = case.backward_request if "backward" in name else case.forward_request
        namespace: dict[str, Any] = {}
        exec("\n".join(line for line in example.setup.splitlines() if not line.startswith("from")), namespace)
        names = re.findall(r"(\w+)(?=[,)])", example.call.split("stride")[0] + ")")
        for argument, value in zip(names, request.arguments, strict=False):
            np.testing.assert_array_equal(namespace[argument], value)
            assert namespace[argument].dtype == value.dtype


def test_an_array_too_large_to_paste_says_so() -> None:
    example = counterexample(CONV, PLAIN, case_of(layer(1, 1, 1, (PASTED, 2), (1, 1))), TimedOut("slow"))
    assert example is not None
    assert f"x = np.zeros((1, 1, {PASTED}, 2))  # too large to write out" in example.setup


def test_other_cases_have_nothing_to_paste() -> None:
    assert counterexample(CONV, PLAIN, None, Mismatch("wrong", got=np.zeros(1), expected=np.ones(1))) is None

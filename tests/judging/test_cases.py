"""Cases: the same for everybody with the same seed, and small once something fails."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from print_cases import lines
from students import REPO, LocalStudent, cases_of, solution

from autograder.course import load
from autograder.errors import Mismatch, StudentError
from autograder.judging import cases as cases_module
from autograder.judging.cases import MAX_NEW_CASES, Cases, draw, drawn_values, shrink
from autograder.judging.judge import judge
from autograder.judging.layer_case import LayerCase
from autograder.model import Check

GOLDEN = Path(__file__).with_name("golden_cases.txt")
SCRIPT = REPO / "tests" / "helpers" / "print_cases.py"
NUMBERS = Cases("numbers", st.integers(0, 10_000), count=20)


def printed(seed: int, *modules: str) -> str:
    command = [sys.executable, "-W", "error", str(SCRIPT), str(seed), *modules]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120, cwd=REPO).stdout


def test_the_stream_is_the_golden_one() -> None:
    assert "\n".join(lines(0)) + "\n" == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("modules", [(), ("autograder.cli", "autograder.misconceptions.recurrence.rnn", "colorsys")])
def test_the_stream_does_not_depend_on_what_was_imported_before(modules: tuple[str, ...]) -> None:
    assert printed(0, *modules) == GOLDEN.read_text(encoding="utf-8")


def test_another_seed_gives_other_cases() -> None:
    golden, other = GOLDEN.read_text(encoding="utf-8").splitlines(), list(lines(1))
    common = {line for line in other if line in golden and line.startswith("  ")}
    assert all("seed 0 " in line for line in common)  # Hypothesis begins with the simplest case of all
    assert len(common) < len(other) / 4


def test_drawing_again_gives_the_same_and_another_name_or_seed_does_not() -> None:
    first = drawn_values(NUMBERS, 7)
    drawn_values.cache_clear()
    assert drawn_values(NUMBERS, 7) == first
    assert drawn_values(NUMBERS, 8) != first
    assert len(set(first)) == len(first) > 10


def test_edges_come_first_and_repetitions_last() -> None:
    cases = Cases("ordered", st.integers(0, 99), edges=(1000, 1001), again=(2000,), count=5)
    drawn = draw(cases, 3)
    assert drawn[:2] == (1000, 1001)
    assert drawn[-1] == 2000
    assert all(value < 100 for value in drawn[2:-1])


def test_cases_are_built_once() -> None:
    built: list[int] = []

    def build(value: int) -> list[int]:
        built.append(value)
        return [value]

    cases = Cases("built", st.integers(0, 99), build, count=10)
    assert all(one is other for one, other in zip(draw(cases, 1), draw(cases, 1), strict=True))
    assert sorted(built) == sorted(set(built))


def failing_above(limit: int, calls: list[int] | None = None) -> Callable[[int], StudentError | None]:
    def outcome(value: int) -> StudentError | None:
        if calls is not None:
            calls.append(value)
        return Mismatch(f"{value} is above {limit}") if value > limit else None

    return outcome


@pytest.mark.parametrize("limit", [0, 5, 37, 100])
def test_shrinking_finds_the_boundary(limit: int) -> None:
    found = shrink(NUMBERS, 1, failing_above(limit))
    assert found is not None
    assert found.case == limit + 1
    assert str(found.error) == f"{limit + 1} is above {limit}"


def test_shrinking_is_the_same_each_time() -> None:
    first: list[int] = []
    second: list[int] = []
    shrink(NUMBERS, 1, failing_above(37, first))
    shrink(NUMBERS, 1, failing_above(37, second))
    assert first == second


def test_a_search_is_remembered_for_those_with_the_same_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = Cases("remembered", NUMBERS.strategy, count=NUMBERS.count)
    searches: list[int] = []
    search = cases_module._search
    monkeypatch.setattr(cases_module, "_search", lambda *how: (searches.append(1), search(*how))[1])
    limits = (37, 37, 5, 37, 5, 10_000, 10_000)
    found = [shrink(numbers, 1, failing_above(limit)) for limit in limits]
    assert len(searches) == 3
    assert [each and each.case for each in found] == [38, 38, 6, 38, 6, None, None]
    assert str(found[4] and found[4].error) == "6 is above 5"


def test_no_class_fills_the_memory_with_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = Cases("forgotten", NUMBERS.strategy, count=NUMBERS.count)
    monkeypatch.setattr(cases_module, "MAX_SEARCHES", 2)
    first = cases_module._first_step(numbers, 1, MAX_NEW_CASES)
    for limit in (5, 10, 20, 40, 80):
        found = shrink(numbers, 1, failing_above(limit))
        assert found is not None
        assert found.case == limit + 1

    def ends(step: Any) -> int:
        return step.ended + sum(map(ends, step.next.values()))

    assert ends(first) == 2


def test_nothing_to_shrink_where_nothing_drawn_fails() -> None:
    assert shrink(NUMBERS, 1, failing_above(10_000)) is None


def test_shrinking_tries_a_bounded_number_of_new_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    hard = Cases("hard", st.lists(st.integers(0, 10**9), min_size=12, max_size=12).map(tuple), count=5)

    def count(allowed: int) -> int:
        monkeypatch.setattr(cases_module, "MAX_NEW_CASES", allowed)
        tried: set[Any] = set()

        def outcome(value: Any) -> StudentError | None:
            tried.add(value)
            return Mismatch("wrong") if sum(value) % 7 else None

        assert shrink(hard, 1, outcome) is not None
        return len(tried - set(drawn_values(hard, 1)))

    assert count(10) == 10
    assert count(MAX_NEW_CASES) <= MAX_NEW_CASES


def no_padding_slice(dout: Any, x: Any, w: Any, stride: int, padding: int) -> tuple[np.ndarray, ...]:
    """The famous `dx[:, :, pad:-pad]`, which is empty for padding 0."""
    dx, dw, db = solution("convolution/conv2d")["conv2d_backward"](dout, x, w, stride=stride, padding=padding)
    frame = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    return np.pad(dx, frame)[:, :, padding:-padding, padding:-padding], dw, db


def conv_check(name: str) -> Check:
    (check,) = (check for check in load("convolution/conv2d").checks if check.name == name)
    return check


def minimal(check: Check, **functions: Any) -> LayerCase:
    judgement = judge(check, LocalStudent(solution("convolution/conv2d") | functions), 1)
    assert judgement.smallest is not None
    assert judgement.smallest.error is not None
    case = judgement.smallest.case
    assert isinstance(case, LayerCase)
    return case


@pytest.mark.parametrize("stratum", ["plain", "rectangular", "combined"])
def test_an_empty_slice_shrinks_to_a_layer_of_ones(stratum: str) -> None:
    case = minimal(conv_check(f"conv2d_backward.dx.{stratum}"), conv2d_backward=no_padding_slice)
    assert {name: array.shape for name, array in case.arrays.items()} == {
        "x": (1, 1, 1, 1), "w": (1, 1, 1, 1), "b": (1,),
    }  # fmt: skip
    assert case.options == {"stride": 1, "padding": 0}


def test_a_batch_that_is_mixed_up_shrinks_to_two_images() -> None:
    def wrong(x: Any, *rest: Any, **options: Any) -> np.ndarray:
        return solution("convolution/conv2d")["conv2d_forward"](x[::-1], *rest, **options)

    case = minimal(conv_check("conv2d_forward.batch"), conv2d_forward=wrong)
    assert case["x"].shape[0] == 2
    assert case["x"].shape[1:] == case["w"].shape[1:] == (1, 1, 1)


def test_a_failure_of_edges_only_is_the_first_edge() -> None:
    check = conv_check("conv2d_forward.plain")
    edge = cases_of(load("convolution/conv2d"), check)[0]

    def wrong(x: Any, *rest: Any, **options: Any) -> np.ndarray:
        out = solution("convolution/conv2d")["conv2d_forward"](x, *rest, **options)
        return out + np.array_equal(x, edge["x"])

    student = LocalStudent(solution("convolution/conv2d") | {"conv2d_forward": wrong})
    judgement = judge(check, student, 1)
    assert judgement.smallest is not None
    assert judgement.smallest.case is judgement.trials[0].case
    assert sum(trial.error is not None for trial in judgement.trials) == 1

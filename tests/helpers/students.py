"""Students for tests: plain functions of this process in place of a sandboxed file, and wrong models made callable."""

import copy
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import torch

from autograder.course import load
from autograder.errors import Missing, Raised, StudentError
from autograder.grading.batch import Settings, grade_entry
from autograder.grading.grade import grade_unit
from autograder.grading.seeds import Seed
from autograder.grading.workers import Workers
from autograder.judging.cases import draw
from autograder.judging.judge import attempt
from autograder.model import Check, Misconception, Report, Request, Reveal, Rng, Unit
from autograder.sandbox.student import driver_functions, driver_source
from autograder.submission import Submission, read_source

REPO = Path(__file__).parents[2]
SOLUTIONS = REPO / "solutions"

Functions = Mapping[str, Callable[..., Any]]


class LocalStudent:
    """Functions of this process as a submission: what a check and `grade_unit` ask of a student, and nothing more.

    Arguments are copied for each call and answers remembered by request, as the sandbox does. `asked` lists the
    requests that led to a call. Of a `unit` in PyTorch the functions get tensors, and those of its driver are there.
    """

    spoiled = False
    printed = b""

    def __init__(self, functions: Functions, unit: Unit | None = None) -> None:
        self.functions = dict(functions)
        if unit and takes_tensors(unit):
            self.functions = {name: on_tensors(function) for name, function in functions.items()}
            self.functions.update(driver_of(unit, functions))
        self.asked: list[Request] = []
        self._answers: dict[int, tuple[Request, Any]] = {}

    def ask(self, request: Request) -> Any:
        if id(request) not in self._answers:
            self._answers[id(request)] = request, self._outcome(request)
        answer = self._answers[id(request)][1]
        if isinstance(answer, StudentError):
            raise answer
        return answer

    def expect(self, requests: Sequence[Request]) -> None:
        pass

    def call(self, function: str, *arguments: Any, **options: Any) -> Any:
        return self.ask(Request(function, arguments, options))

    def enter(self, group: str, functions: tuple[str, ...]) -> bool:
        return True

    def steady(self) -> bool:
        return True

    def begin(self) -> None:
        self._answers.clear()

    def line(self, number: int | None) -> str:
        return ""

    def _outcome(self, request: Request) -> Any:
        if request.function not in self.functions:
            return Missing(f"the file does not define {request.function}")
        self.asked.append(request)
        arguments = [_sent(argument, request.read_only) for argument in request.arguments]
        options = {name: _sent(value, request.read_only) for name, value in request.options.items()}
        try:
            return self.functions[request.function](*arguments, **options)
        except StudentError as error:
            return error
        except Exception as error:
            return Raised(type(error).__name__, str(error))


def takes_tensors(unit: Unit) -> bool:
    return "torch" in unit.allowed_packages


def driver_of(unit: Unit, functions: Functions) -> dict[str, Callable[..., Any]]:
    """The functions of a unit's driver, each with `functions` as the student."""
    driver, student = ModuleType("driver"), SimpleNamespace(**functions)
    exec(compile(driver_source(unit.driver), "driver.py", "exec", dont_inherit=True), vars(driver))
    names = driver_functions(unit.driver)
    return {name: on_tensors(functools.partial(getattr(driver, name), student)) for name in names}


def on_tensors(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of tensors as a function of arrays, as the worker makes it."""

    def on(*arguments: Any, **options: Any) -> Any:
        torch.default_generator.manual_seed(0)
        arguments = tuple(_fresh_tensor(argument) for argument in arguments)
        return _packed(function(*arguments, **{name: _fresh_tensor(value) for name, value in options.items()}))

    return on


def _fresh_tensor(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _fresh_tensor(part) for key, part in value.items()}
    if isinstance(value, np.ndarray):
        return torch.tensor(value.astype(np.int64) if value.dtype.kind in "iu" else value)
    return value


def _packed(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(map(_packed, value))
    return _array(value)


def _sent(value: Any, read_only: bool) -> Any:
    if isinstance(value, dict):
        return {key: _sent(part, read_only) for key, part in value.items()}
    if isinstance(value, Rng):
        return np.random.default_rng(value.seed)
    if isinstance(value, list | dict):
        return copy.deepcopy(value)
    if isinstance(value, np.ndarray):
        value = value.copy(order="K")
        value.flags.writeable = not read_only
    return value


def load_module(path: Path) -> ModuleType:
    """The module in a file, from its source: nothing is written beside it."""
    module = ModuleType(path.stem)
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), vars(module))
    return module


def functions_of(path: Path) -> dict[str, Callable[..., Any]]:
    """The public functions that a file defines."""
    found = vars(load_module(path)).items()
    return {name: value for name, value in found if callable(value) and not name.startswith("_")}


def solution(path: str) -> dict[str, Callable[..., Any]]:
    return functions_of(SOLUTIONS / f"{path}.py")


def on_arrays(model: Callable[..., Any]) -> Callable[..., Any]:
    """A wrong model, which takes and returns float64 tensors, as a function of arrays."""

    def function(*arguments: Any, **options: Any) -> Any:
        try:
            answer = model(*map(_tensor, arguments), **options)
        except RuntimeError as error:  # where torch raises it, NumPy raises ValueError
            raise ValueError(str(error)) from error
        return tuple(map(_array, answer)) if isinstance(answer, tuple) else _array(answer)

    return function


def _tensor(value: Any) -> Any:
    """A tensor of float64, or of the integers or truth values that an array holds; plain values as they are."""
    if isinstance(value, dict):
        return {key: _tensor(part) for key, part in value.items()}
    if not isinstance(value, np.ndarray):
        return value
    return torch.tensor(value, dtype=torch.float64 if value.dtype.kind == "f" else None)


def _array(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _array(part) for key, part in value.items()}
    return value.detach().numpy() if isinstance(value, torch.Tensor) else value


def mistaken(path: str, misconception: Misconception) -> dict[str, Callable[..., Any]]:
    """The solution of a unit with one misconception in it."""
    if takes_tensors(load(path)):
        return solution(path) | dict(misconception.wrong)
    return solution(path) | {name: on_arrays(model) for name, model in misconception.wrong.items()}


def failing_checks(unit: Unit, functions: Functions, seed: int = 0) -> list[Check]:
    """The checks with points that functions fail on the cases drawn for `seed`, with no search for smaller cases."""
    student = LocalStudent(functions, unit)
    return [check for check in unit.checks if check.points and fails(unit, check, student, seed)]


def fails(unit: Unit, check: Check, student: LocalStudent, seed: int = 0) -> bool:
    return any(attempt(check, student, case) is not None for case in cases_of(unit, check, seed))


def cases_of(unit: Unit, check: Check, seed: int = 0) -> tuple[Any, ...]:
    """The cases on which `grade_unit` judges a check."""
    return draw(check.given, Seed(seed).of(unit.path, check.given.name)) if check.given else (None,)


def grade_functions(unit: Unit, functions: Functions, seed: int = 0) -> Report:
    """Grade functions of this process, hidden checks included."""
    student = LocalStudent(functions, unit)
    graded = grade_unit(unit, student, submission="local", seed=Seed(seed), sandbox="none", reveal=Reveal.ALL)
    return graded.report


def grade_file(unit: Unit, path: Path, workers: Workers, seed: int = 0) -> Report:
    """Grade a file as `handgrad grade` does, hidden checks shown."""
    submission = Submission("tests", unit.assignment, {unit.name: read_source(path)})
    settings = Settings(Seed(seed), workers.name, reveal=Reveal.ALL)
    return grade_entry(submission, unit, settings, workers).report


def only(unit: Unit, *names: str) -> Unit:
    """A unit with some of its checks."""
    return replace(unit, checks=tuple(check for check in unit.checks if check.name in names))


def without_experiments(unit: Unit) -> Unit:
    """A unit without the checks that train a network for seconds."""
    return replace(unit, checks=tuple(check for check in unit.checks if "experiment" not in check.name))

"""Whether mistakes are told by their right name, how often a condition is found, and what that costs.

Two kinds of wrong submissions, judged in this process with the visible and the hidden checks:

- the course's own misconceptions: each unit's wrong models, handed in as if a student had written them;
- mutations of the model answers, which no list knows. A name given to one of these is confirmed if the wrong model of
  that name agrees with the mutant on fresh cases, drawn from another seed, that diagnosis has not seen.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import numpy as np
import torch
from common import UNITS, LocalStudent, module_of, percent, solution, table
from detection import WAYS, example
from gradient_methods import content
from mutations import ALL, about, mutants
from subjects import layers_of

from autograder.course import load
from autograder.errors import Missing, Raised
from autograder.grading.grade import grade_unit
from autograder.grading.seeds import Seed
from autograder.judging.cases import draw
from autograder.judging.judge import attempt
from autograder.judging.layer_case import LayerCase
from autograder.judging.wrong_models import reproduces
from autograder.model import CheckResult, Misconception, Report, Request, Unit, Verdict

Functions = Mapping[str, Callable[..., Any]]


class Functional(LocalStudent):
    """A student made of functions."""

    def __init__(self, functions: Functions) -> None:
        super().__init__("")
        self.functions = functions

    @property
    def module(self) -> ModuleType:
        return cast(ModuleType, SimpleNamespace(**self.functions))

    def _outcome(self, request: Request) -> Any:
        if request.function not in self.functions:
            return Missing(request.function)
        arguments = [a.copy() if isinstance(a, np.ndarray) else a for a in request.arguments]
        try:
            return self.functions[request.function](*arguments, **request.options)
        except Exception as error:
            return Raised("ValueError" if isinstance(error, RuntimeError) else type(error).__name__, str(error))


def on_arrays(model: Callable[..., Any]) -> Callable[..., Any]:
    def function(*arguments: Any, **options: Any) -> Any:
        tensors = [torch.tensor(a, dtype=torch.float64) if isinstance(a, np.ndarray) else a for a in arguments]
        answer = model(*tensors, **options)
        parts = answer if isinstance(answer, tuple) else (answer,)
        arrays = tuple(part.detach().numpy() for part in parts)
        return arrays if isinstance(answer, tuple) else arrays[0]

    return function


def mistaken(unit: Unit, known: Misconception) -> Functions:
    right = module_of(solution(unit.path).read_text(encoding="utf-8"), unit.name)
    functions = {name: getattr(right, name) for name in unit.functions}
    return functions | {name: on_arrays(model) for name, model in known.wrong.items() if name in functions}


def graded(unit: Unit, student: LocalStudent) -> tuple[Report, float]:
    """The report, and the seconds that diagnosis took of it."""
    done = grade_unit(unit, student, submission="", seed=Seed(), sandbox="none")
    return done.report, done.seconds["diagnosis"]


def failures(report: Report) -> list[CheckResult]:
    settled = (Verdict.PASSED, Verdict.SKIPPED)
    return [result for result in report.results if result.verdict not in settled and not result.advice]


def names(report: Report) -> set[str]:
    return {name for r in report.results if r.diagnosis for name in r.diagnosis.misconceptions}


def measure_models(path: str, most: int) -> tuple[list[object], list[str]]:
    """One row of the first table, and what went wrong."""
    unit, found, seconds, remarks = load(path), Counter[str](), [], []
    for known in about(most, unit.misconceptions):
        report, took = graded(unit, Functional(mistaken(unit, known)))
        seconds.append(took)
        failed = failures(report)
        visible = [result for result in failed if not result.hidden]
        told = names(report)
        outcome = "rightly" if told == {known.name} else "with another" if known.name in told else "wrongly"
        outcome = outcome if told else "not named" if visible else "hidden only" if failed else "not rejected"
        found[outcome] += 1
        found["rejected"] += bool(failed)
        found["when"] += any(r.diagnosis and r.diagnosis.when for r in visible)
        if outcome != "rightly":
            remarks.append(f"{path}: {known.name}: {outcome} {sorted(told)}")
    columns = ("rejected", "rightly", "with another", "wrongly", "not named", "hidden only", "when")
    times = f"{np.median(seconds):.2f}", f"{max(seconds):.2f}"
    return [path, len(seconds), *(found[column] for column in columns), *times], remarks


def measure_ways(path: str) -> tuple[list[object], list[str]]:
    """One row of the second table: wrong models rejected by the usual ways, on the functions with a backward pass."""
    unit, layers, rejected, total = load(path), layers_of(path), Counter[str](), 0
    examples = {layer.forward.function: [example(layer, number) for number in range(3)] for layer in layers}
    for known in unit.misconceptions:
        student = Functional(mistaken(unit, known))
        touched = [three for name, three in examples.items() if {name, _backward(three)} & set(known.wrong)]
        total += bool(touched)
        for name, way in WAYS.items():
            passes = content(lambda way=way, who=student, some=touched: _all_true(way(who, it) for it in some))
            rejected[name] += bool(touched) and not passes
    return [path, total, *(percent(rejected[name], total) for name in WAYS)], []


def _backward(examples: Sequence[LayerCase]) -> str:
    backward = examples[0].layer.backward
    return backward.function if backward else ""


def _all_true(outcomes: Iterable[bool]) -> None:
    assert all(outcomes)


def measure_mutants(path: str, most: int) -> tuple[list[object], list[str]]:
    """One row of the second table: mutants of all kinds, and the names that they were given."""
    unit, found, remarks = load(path), Counter[str](), []
    for mutant in about(most, mutants(path)):
        student = LocalStudent(mutant.source, unit.name)
        try:
            report, _ = graded(unit, student)
        except SyntaxError:
            continue
        failed = [result for result in failures(report) if not result.hidden]
        if not failed:
            found["not seen"] += 1
            continue
        found["wrong"] += 1
        found["when"] += any(r.diagnosis and r.diagnosis.when for r in failed)
        found["what"] += any(r.diagnosis and r.diagnosis.what and not r.diagnosis.misconceptions for r in failed)
        for name, doubt in doubts(unit, report, student):
            found["doubtful" if doubt else "confirmed"] += 1
            if doubt:
                remarks.append(f"{mutant}: {name}: {doubt}")
        found["named"] += bool(names(report))
    columns = ("wrong", "named", "confirmed", "doubtful", "what", "when")
    return [path, *(found[column] for column in columns)], remarks


def doubts(unit: Unit, report: Report, student: LocalStudent) -> Iterator[tuple[str, str]]:
    """Each name given for a result, and a fresh case on which wrong model and mutant differ, if there is one."""
    by_name = {check.name: check for check in unit.checks}
    seen = set()
    for result in report.results:
        check = by_name[result.check]
        if not result.diagnosis or len(result.diagnosis.misconceptions) != 1 or not check.given:
            continue
        [name] = result.diagnosis.misconceptions
        if (name, check.functions[0], check.result) in seen:
            continue
        seen.add((name, check.functions[0], check.result))
        known = next(known for known in unit.misconceptions if known.name == name)
        yield name, _difference(unit, known, check.functions[0], check.result, student)


def _difference(unit: Unit, known: Misconception, function: str, result: str, student: LocalStudent) -> str:
    for check in unit.checks:
        if check.functions[0] == function and check.result == result and check.given:
            for case in draw(check.given, 987654321):
                error = attempt(check, student, case)
                if isinstance(case, LayerCase) and not reproduces(known, function, result, case, error):
                    return f"differs on {case.sizes.key}"
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--unit", action="append", choices=UNITS, help="measure only this unit (may be repeated)")
    parser.add_argument("--mutants", type=int, default=60, help="mutants of each unit, about so many")
    parser.add_argument("--models", type=int, default=ALL, help="wrong models in the first table, about so many")
    options = parser.parse_args()
    started = time.perf_counter()
    units, remarks = options.unit or UNITS, []
    for title, header, measure in (
        ("Wrong models handed in", MODELS, lambda path: measure_models(path, options.models)),
        (
            "The same wrong models, rejected by the usual ways (see detection.py)",
            ("unit", "wrong models", *WAYS),
            measure_ways,
        ),
        ("Mutants of the model answers", MUTANTS, lambda path: measure_mutants(path, options.mutants)),
    ):
        rows = []
        for path in units:
            row, more = measure(path)
            rows.append(row)
            remarks += more
        print(title, end="\n\n")
        table(header, rows)
    print("\n".join(remarks), f"\n{time.perf_counter() - started:.0f} s in all", sep="\n")


MODELS = (
    "unit", "wrong models", "rejected", "named rightly", "named with another", "named wrongly", "not named",
    "fail hidden checks only", "condition found", "diagnosis median s", "worst s",
)  # fmt: skip
MUTANTS = (
    "unit", "fail visible checks", "named", "names confirmed", "names in doubt", "explained without name",
    "condition found",
)  # fmt: skip

if __name__ == "__main__":
    main()

"""What share of wrong submissions the whole grader rejects, beside the usual ways to grade.

Wrong submissions are mechanical mutations of the model answers: any function of the file, one change each. Whether a
mutant is wrong is settled at random sizes of its own, without the grader's cases. The grader judges it in this process,
hidden checks included. The usual ways, each as an instructor would write it in one test cell:

- shapes only: the results have the right shapes, on one example
- mean only: the mean of each result is right, on one example
- one example: every entry is right, on the example that course notebooks use (stride 2, padding 1)
- one numeric gradient: forward right on that example, backward against entry-by-entry differences there
- three examples: every entry is right, on three configurations
"""

import argparse
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from common import UNITS, LocalStudent, load_unit, percent, solution, table
from gradient_methods import content, entry_by_entry
from mutations import ALL, Mutant, about, mutants
from subjects import Subject, drawn_cases, layers_of, with_normal_data

from autograder.errors import StudentError
from autograder.grading.seeds import Seed
from autograder.judging.agreement import named
from autograder.judging.cases import draw
from autograder.judging.judge import attempt
from autograder.judging.layer_case import LayerCase, Sizes
from autograder.judging.layers import Layer
from autograder.model import Unit

Way = Callable[[LocalStudent, list[LayerCase]], bool]


def example(layer: Layer, number: int) -> LayerCase:
    """A configuration that instructors pick: square, the lecture's stride and padding."""
    stride, padding, kernel, size = ((2, 1, 4, 4), (1, 1, 3, 5), (1, 0, 3, 5))[number]
    arrays: dict[str, tuple[int, ...]]
    match layer.forward.function:
        case "conv2d_forward":
            arrays = {"x": (2, 3, size, size), "w": (3, 3, kernel, kernel), "b": (3,)}
            sizes = Sizes(arrays, {"stride": stride, "padding": padding})
        case "max_pool2d_forward":
            pool, step = ((2, 2), (3, 3), (2, 1))[number]
            sizes = Sizes({"x": (3, 2, 6, 6)}, {"pool": pool, "stride": step, "padding": 0, "ceil_mode": False})
        case "rnn_step_forward":
            n, d, h = ((3, 10, 4), (4, 5, 6), (2, 3, 3))[number]
            sizes = Sizes({"x": (n, d), "h_prev": (n, h), "Wx": (d, h), "Wh": (h, h), "b": (h,)})
        case _:
            n, t, d, h = ((2, 3, 4, 5), (2, 10, 3, 5), (3, 4, 3, 3))[number]
            sizes = Sizes({"x": (n, t, d), "h0": (n, h), "Wx": (d, h), "Wh": (h, h), "b": (h,)})
    return LayerCase(layer, with_normal_data(layer.kind), sizes, number)


def results(student: LocalStudent, case: LayerCase) -> list[tuple[np.ndarray, np.ndarray]]:
    """What the forward and the backward pass return, each beside the reference's."""
    assert case.layer.backward is not None
    forward = named(student.ask(case.forward_request), case.layer.forward, case.options)
    backward = named(student.ask(case.backward_request), case.layer.backward, case.options)
    pairs = [(forward[name], value) for name, value in case.expected.items()]
    return pairs + [(backward[f"d{name}"], value) for name, value in case.gradients.items()]


def agree(student: LocalStudent, case: LayerCase) -> bool:
    return all(
        got.shape == value.shape and np.allclose(got, value, rtol=1e-7, atol=1e-8)
        for got, value in results(student, case)
    )


def shapes_only(student: LocalStudent, examples: list[LayerCase]) -> bool:
    return all(got.shape == value.shape for got, value in results(student, examples[0]))


def mean_only(student: LocalStudent, examples: list[LayerCase]) -> bool:
    return all(np.isclose(got.mean(), value.mean(), rtol=1e-7) for got, value in results(student, examples[0]))


def one_example(student: LocalStudent, examples: list[LayerCase]) -> bool:
    return agree(student, examples[0])


def three_examples(student: LocalStudent, examples: list[LayerCase]) -> bool:
    return all(agree(student, case) for case in examples)


def one_numeric_gradient(student: LocalStudent, examples: list[LayerCase]) -> bool:
    case = examples[0]
    layer = case.layer
    assert layer.backward is not None
    module = student.module
    subject = Subject(layer, getattr(module, layer.forward.function), getattr(module, layer.backward.function))
    got = subject.run(case.arrays, case.options)
    same = all(np.allclose(got[name], value, rtol=1e-7, atol=1e-8) for name, value in case.expected.items())
    return same and entry_by_entry(subject, case, 0)


WAYS: dict[str, Way] = {
    "shapes only": shapes_only, "mean only": mean_only, "one example": one_example,
    "one numeric gradient": one_numeric_gradient, "three examples": three_examples,
}  # fmt: skip


def grader_rejects(unit: Unit, source: str) -> bool:
    """Whether some check that carries points fails; judged case by case, without shrinking."""
    student = LocalStudent(source, unit.name)
    for check in unit.checks:
        if check.points and not check.bonus:
            group = check.given.name if check.given else check.name
            for case in draw(check.given, Seed().of(unit.path, group)) if check.given else (None,):
                if attempt(check, student, case) is not None:
                    return True
    return False


@dataclass
class Tally:
    made: int = 0
    equivalent: int = 0
    raising: int = 0
    wrong: list[Mutant] = field(default_factory=list)
    missed: list[Mutant] = field(default_factory=list)
    rejected: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def note(self, way: str, rejected: bool, since: float) -> None:
        self.rejected[way] = self.rejected.get(way, 0) + rejected
        self.seconds[way] = self.seconds.get(way, 0.0) + time.perf_counter() - since


def fate(student: LocalStudent, cases: list[LayerCase]) -> str:
    """ "wrong" somewhere, or else only "raising" somewhere, or "equivalent" as far as the cases tell."""
    raised = False
    for case in cases:
        try:
            if not content_with(student, case):
                return "wrong"
        except StudentError:
            raised = True
    return "raising" if raised else "equivalent"


def content_with(student: LocalStudent, case: LayerCase) -> bool:
    with np.errstate(all="ignore"):
        return all(
            isinstance(got, np.ndarray)
            and got.shape == value.shape
            and bool((np.abs(got - value) <= 1e-8 * max(1, np.abs(value).max(initial=0))).all())
            for got, value in results(student, case)
        )


def tally(path: str, cases: int, most: int) -> Tally:
    unit, found = load_unit(path), Tally()
    settle = [case for layer in layers_of(path) for case in drawn_cases(layer, cases, 3, with_normal_data(layer.kind))]
    examples = [[example(layer, number) for number in range(3)] for layer in layers_of(path)]
    for mutant in about(most, mutants(path)):
        if mutant.function in ("pad2d", "im2col"):
            continue  # a task of its own, and a bonus: not of this comparison
        found.made += 1
        match fate(LocalStudent(mutant.source), settle):
            case "equivalent":
                found.equivalent += 1
            case "raising":
                found.raising += 1
            case _:
                found.wrong.append(mutant)
                _judge(unit, mutant, examples, found)
    return found


def _judge(unit: Unit, mutant: Mutant, examples: list[list[LayerCase]], found: Tally) -> None:
    for name, way in WAYS.items():
        started, student = time.perf_counter(), LocalStudent(mutant.source)
        passes = content(lambda way=way, student=student: _all_true(way(student, three) for three in examples))
        found.note(name, not passes, started)
    started = time.perf_counter()
    rejected = grader_rejects(unit, mutant.source)
    found.note("this grader", rejected, started)
    if not rejected:
        found.missed.append(mutant)


def _all_true(outcomes: Iterable[bool]) -> None:
    assert all(outcomes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", nargs="*", default=list(UNITS))
    parser.add_argument("--cases", type=int, default=150, help="random sizes that settle whether a mutant is wrong")
    parser.add_argument("--mutants", type=int, default=ALL, help="mutants of each unit, about so many; default: all")
    options = parser.parse_args()
    tallies = {path: tally(path, options.cases, options.mutants) for path in options.units}
    for path in options.units:
        assert not grader_rejects(load_unit(path), solution(path).read_text(encoding="utf-8"))
    rows = [[path, t.made, t.equivalent, t.raising, len(t.wrong)] for path, t in tallies.items()]
    table(("unit", "mutants", "equivalent here", "only raise", "wrong"), rows)
    total = sum(len(t.wrong) for t in tallies.values())
    shares = []
    for way in (*WAYS, "this grader"):
        each = [percent(t.rejected.get(way, 0), len(t.wrong)) for t in tallies.values()]
        spent = sum(t.seconds.get(way, 0.0) for t in tallies.values())
        all_of_them = percent(sum(t.rejected.get(way, 0) for t in tallies.values()), total)
        shares.append([way, *each, all_of_them, f"{spent / max(total, 1) * 1e3:.1f}"])
    table(("wrong mutants rejected by", *tallies, "all", "ms each"), shares)
    for missed in (mutant for t in tallies.values() for mutant in t.missed):
        print(f"not rejected by this grader: {missed}")


if __name__ == "__main__":
    main()

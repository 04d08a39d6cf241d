"""The power of the numeric gradient check alone, beside the usual ways to check a gradient.

Wrong backward passes: the wrong models of autograder/misconceptions, and mechanical mutations of the model answers.
Each runs at random sizes; a case counts where the gradient differs from the reference's, for the upstream gradient or
for one 1024 times as large. Mutants that are never wrong are set aside as equivalent, and those that only ever raise
are counted apart. The grader's check gets the grader's data at those sizes, the other methods get normal numbers.
"""

import argparse
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType

import numpy as np
from common import UNITS, correct_files, load_unit, module_of, percent, silence, solution, table
from gradient_methods import METHODS
from mutations import ALL, about, mutants
from subjects import Subject, drawn_cases, layers_of, on_arrays, subject, with_normal_data

from autograder.judging.kinds import REALS, SATURATED
from autograder.judging.layer_case import LayerCase
from autograder.judging.layers import Layer

OURS = next(iter(METHODS))


@dataclass
class Wrong:
    """A backward pass under suspicion: the cases in which it is wrong, and what each method made of them."""

    name: str
    subject: Subject
    ours: list[LayerCase] = field(default_factory=list)
    usual: list[LayerCase] = field(default_factory=list)
    raised: int = 0
    caught: dict[str, list[bool]] = field(default_factory=dict)


def suspects(unit: str, layer: Layer, most: int) -> Iterator[tuple[str, Wrong]]:
    assert layer.backward is not None
    right = module_of(solution(unit).read_text(encoding="utf-8"))
    known = [each for each in load_unit(unit).misconceptions if layer.backward.function in each.wrong]
    for misconception in about(most, known):
        model = on_arrays(misconception.wrong[layer.backward.function])
        yield "misconceptions", Wrong(misconception.name, subject(layer, right, model))
    for mutant in about(most, mutants(unit, [layer.backward.function])):
        yield "mutations", Wrong(str(mutant), subject(layer, right, module_of(mutant.source)))


def gradients_right(wrong: Subject, case: LayerCase, scale: float = 1.0) -> bool:
    upstream = {name: scale * value for name, value in case.upstream.items()}
    found = wrong.run_backward(case, case.expected, upstream)
    return all(
        found[name].shape == value.shape
        and bool((np.abs(found[name] - scale * value) <= 1e-8 * scale * max(1, np.abs(value).max(initial=0))).all())
        for name, value in case.gradients.items()
    )


def wrong_in(wrong: Wrong, cases: list[LayerCase], most: int) -> list[LayerCase]:
    """The cases in which it is wrong, up to `most`; of those that raise, only the number is noted."""
    found: list[LayerCase] = []
    for case in cases:
        try:
            with np.errstate(all="ignore"):
                right = gradients_right(wrong.subject, case) and gradients_right(wrong.subject, case, 1024.0)
        except Exception:
            wrong.raised += 1
            continue
        if not right and len(found) < most:
            found.append(case)
    return found


@dataclass
class Cost:
    calls: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def run(self, name: str, subject: Subject, case: LayerCase, seed: int) -> bool:
        """Whether the method is content; its calls and time are noted."""
        subject.calls, started = 0, time.perf_counter()
        with silence():
            passed = METHODS[name](subject, case, seed)
        self.seconds.append(time.perf_counter() - started)
        self.calls.append(subject.calls)
        return passed


def judge_all(found: list[Wrong], names: list[str]) -> None:
    for wrong in found:
        for name in names:
            cost = Cost()
            cases = wrong.ours if name == OURS else wrong.usual
            wrong.caught[name] = [not cost.run(name, wrong.subject, case, i) for i, case in enumerate(cases)]


def cases_for(name: str, layer: Layer, count: int, seed: int) -> list[LayerCase]:
    return drawn_cases(layer, count, seed, None if name == OURS else with_normal_data(layer.kind))


def population(units: list[str], cases: int, most: int, suspected: int, show: bool) -> dict[str, list[Wrong]]:
    """Everything wrong, by origin; prints what was set aside."""
    groups: dict[str, list[Wrong]] = {}
    rows: dict[tuple[str, str], list[int]] = {}
    for unit in units:
        for layer in layers_of(unit):
            ours, usual = cases_for(OURS, layer, cases, 1), cases_for("", layer, cases, 1)
            for origin, wrong in suspects(unit, layer, suspected):
                wrong.ours, wrong.usual = wrong_in(wrong, ours, most), wrong_in(wrong, usual, most)
                row = rows.setdefault((origin, unit), [0, 0, 0, 0])
                row[0] += 1
                row[3 if wrong.ours and wrong.usual else 2 if wrong.raised else 1] += 1
                if show and not wrong.raised and not (wrong.ours and wrong.usual):
                    print("equivalent here:", wrong.name)
                if wrong.ours and wrong.usual:
                    groups.setdefault(origin, []).append(wrong)
    header = ("origin", "unit", "made", "equivalent here", "only raise", "wrong")
    table(header, [[*key, *row] for key, row in sorted(rows.items())])
    return groups


def show_power(groups: dict[str, list[Wrong]], names: list[str]) -> None:
    rows = []
    for origin, found in groups.items():
        for name in names:
            always = sum(all(wrong.caught[name]) for wrong in found)
            ever = sum(any(wrong.caught[name]) for wrong in found)
            mean = statistics.mean(statistics.mean(wrong.caught[name]) for wrong in found)
            rows.append([origin, name, len(found), percent(always, len(found)), percent(ever, len(found)),
                         f"{mean:.3f}"])  # fmt: skip
    table(("origin", "method", "wrong", "caught in every case", "caught at all", "mean share"), rows)
    for found in groups.values():
        for wrong in found:
            if not all(wrong.caught[OURS]):
                print(f"missed by the {OURS}: {wrong.name}, in {wrong.caught[OURS].count(False)} cases")


def correct_runs(units: list[str]) -> list[tuple[str, Layer, ModuleType]]:
    styles = []
    for unit in units:
        for style, path in correct_files(unit).items():
            if style.startswith("float32"):
                continue  # the check is one for float64
            module = module_of(path.read_text(encoding="utf-8"))
            styles += [(f"{unit}: {style}", layer, module) for layer in layers_of(unit)]
    return styles


def show_false_alarms(units: list[str], runs: int, names: list[str], others: int) -> None:
    """Every method on correct code: `runs` runs of the first, fewer of the others, which are slow."""
    styles = correct_runs(units)
    rows = []
    for name in names:
        count = -(-(runs if name == OURS else others) // len(styles))
        cost, alarms = Cost(), 0
        for number, (_, layer, module) in enumerate(styles):
            right = subject(layer, module, module)
            cases = cases_for(name, layer, count, number)
            alarms += sum(not cost.run(name, right, case, i) for i, case in enumerate(cases))
        rows.append([name, f"{alarms}", len(cost.calls), f"{statistics.mean(cost.calls):.0f}",
                     f"{statistics.mean(cost.seconds) * 1e3:.1f}"])  # fmt: skip
    print(f"Correct code in {len({label for label, _, _ in styles})} files\n")
    table(("method", "false alarms", "runs", "calls a case", "ms a case"), rows)


def show_harder_data(units: list[str], runs: int) -> None:
    """False alarms of the grader's check on data where rounding does not vanish."""
    rows = []
    for label, kind, wanted in (("reals on eight decades", REALS, "conv2d"), ("saturated", SATURATED, "rnn")):
        styles = [style for style in correct_runs(units) if wanted in style[0]]
        alarms = total = 0
        for number, (_, layer, module) in enumerate(styles):
            right = subject(layer, module, module)
            for i, case in enumerate(drawn_cases(layer, -(-runs // len(styles)), 500 + number, kind)):
                alarms += not Cost().run(OURS, right, case, i)
                total += 1
        rows.append([f"{wanted}, {label}", f"{alarms}", total])
    table(("directional check on", "false alarms", "runs"), rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", nargs="*", default=list(UNITS))
    parser.add_argument("--cases", type=int, default=150, help="random sizes that settle whether a mutant is wrong")
    parser.add_argument("--suspects", type=int, default=ALL, help="of a backward pass and an origin; default: all")
    parser.add_argument("--most", type=int, default=5, help="triggering cases judged for each wrong backward pass")
    parser.add_argument("--runs", type=int, default=2000, help="correct runs of the directional check")
    parser.add_argument("--others", type=int, default=200, help="correct runs of each other method")
    parser.add_argument("--show-equivalent", action="store_true", help="list what was never wrong")
    parser.add_argument("--only-ours", action="store_true", help="leave the other methods out")
    options = parser.parse_args()
    names = list(METHODS)[:1] if options.only_ours else list(METHODS)
    groups = population(options.units, options.cases, options.most, options.suspects, options.show_equivalent)
    for found in groups.values():
        judge_all(found, names)
    show_power(groups, names)
    show_false_alarms(options.units, options.runs, names, options.others)
    show_harder_data(options.units, max(options.runs // 4, 1))


if __name__ == "__main__":
    main()

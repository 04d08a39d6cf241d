"""What is known about one result of one function: every case tried, right or wrong, over all checks."""

import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.errors import Mismatch, Raised
from autograder.judging.cases import Cases, draw
from autograder.judging.judge import Judgement, Trial, attempt
from autograder.judging.layer_case import LayerCase
from autograder.model import Check, Student

MORE = 60  # cases that may be tried beyond those of the checks, to be sure
ROUNDS = 4  # draws that they are looked for in


@dataclass
class Evidence:
    """Trials of `result` of `function`: those of its checks, and more on demand."""

    function: str
    result: str
    functions: set[str] = field(default_factory=set)  # that take part: several where a driver calls them
    trials: list[Trial] = field(default_factory=list)
    sources: list[Cases] = field(default_factory=list)
    test: Callable[[Student, Any], None] | None = None

    @property
    def failing(self) -> list[Trial]:
        """Trials that ended with a wrong answer or an exception of the student's."""
        return [trial for trial in self.trials if isinstance(trial.error, Mismatch | Raised)]

    @property
    def passing(self) -> list[Trial]:
        return [trial for trial in self.trials if trial.error is None]

    @property
    def conclusive(self) -> bool:
        """Whether every trial ended in a way that can be explained, not in a timeout or a dead process."""
        return bool(self.failing) and len(self.failing) + len(self.passing) == len(self.trials)

    def failing_by_size(self) -> list[Trial]:
        """Failing trials, smallest first; but the very smallest fit too many mistakes to be a quick test."""
        return sorted(self.failing, key=lambda trial: sum(array.size for array in trial.case.arrays.values()))

    def largest_failing(self) -> list[Trial]:
        return self.failing_by_size()[::-1]

    def _drawn(self, seed: int) -> list[LayerCase]:
        """Cases of all the checks in turn, without those picked by hand."""
        drawn = [draw(without_edges(source), seed) for source in self.sources]
        return [case for cases in itertools.zip_longest(*drawn) for case in cases if case]

    def more(
        self, student: Student, seed: int, worth: Callable[[LayerCase], bool] = lambda case: True
    ) -> Iterator[Trial]:
        """Try further cases of the same kinds that are `worth` it, one by one; each is added to the evidence."""
        fresh = (case for number in range(ROUNDS) for case in self._drawn(seed + number))
        for case in itertools.islice(filter(worth, fresh), MORE):
            assert self.test is not None
            trial = Trial(case, attempt(_as_check(self.test), student, case))
            self.trials.append(trial)
            yield trial


@functools.cache
def without_edges(cases: Cases) -> Cases:
    """The same strategy without hand-picked cases; one object for each, so that what it draws is kept."""
    return replace(cases, edges=(), again=())


def _as_check(test: Callable[[Student, Any], None]) -> Check:
    return Check("", "", test, ())


def gather(judgements: Sequence[Judgement]) -> list[Evidence]:
    """The evidence in a unit's judgements, by function and result, in the order of the checks."""
    found: dict[tuple[str, str], Evidence] = {}
    for judgement in judgements:
        check = judgement.check
        if check.result and all(isinstance(trial.case, LayerCase) for trial in judgement.trials):
            key = (check.functions[0], check.result)
            evidence = found.setdefault(key, Evidence(*key, test=check.test))
            evidence.functions.update(check.functions)
            evidence.trials += judgement.trials
            evidence.sources += [check.given] if check.given else []
    return list(found.values())

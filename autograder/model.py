"""The records: what a course is made of, and what a grading leaves behind.

All are frozen. Those at the end (`CheckResult`, `Report` ...) are plain data and go to JSON and back.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from autograder.judging.cases import Cases

__all__ = [
    "Check",
    "CheckResult",
    "Counterexample",
    "Diagnosis",
    "Limits",
    "Misconception",
    "Report",
    "Request",
    "Result",
    "Reveal",
    "Rng",
    "Student",
    "Unit",
    "Verdict",
]


class Verdict(StrEnum):
    """How a check ended. Every check gets one, always."""

    PASSED = "passed"
    FAILED = "failed"
    CRASHED = "crashed"
    TIMED_OUT = "timed out"
    MISSING = "missing"
    SKIPPED = "skipped"
    UNGRADABLE = "ungradable"


@dataclass(frozen=True, slots=True)
class Rng:
    """A seed that reaches the student's function as a `numpy.random.Generator`."""

    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One call to make: prepared once, asked of every submission. A sandbox keeps its encoded form in `cache`."""

    function: str
    arguments: tuple[Any, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    read_only: bool = False
    cache: dict[str, Any] = field(default_factory=dict, repr=False)


class Reveal(StrEnum):
    """How much a report tells of a hidden check that failed."""

    KIND = "kind"  # the kind of failure, a built-in exception's name, the student's own line
    DIAGNOSIS = "diagnosis"  # and what, when and where, but no case
    ALL = "all"  # as much as of any other check


class Student(Protocol):
    """A submission, as a check sees it: functions to call, and whether others were called in its process before."""

    spoiled: bool

    def ask(self, request: Request) -> Any:
        """The answer to `request`, or a `StudentError`. The same request is asked once a submission."""
        ...

    def expect(self, requests: Sequence[Request]) -> None:
        """These will be asked next, in this order: who has a long way to the submission can go it once."""
        ...

    def call(self, function: str, *arguments: Any, **options: Any) -> Any:
        """Call `function` in the submission and return what it returns, or raise a `StudentError`."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use. Seconds are held by the grader, which kills; bytes by the kernel."""

    call_seconds: float = 5.0
    submission_seconds: float = 60.0
    memory_bytes: int = 1 << 30


@dataclass(frozen=True, slots=True)
class Check:
    """One graded claim about a submission.

    `test(student, case)` raises a `StudentError` where the claim does not hold, for each case of `given`; without
    `given` it runs once, on `None`. `result` is the one result that it looks at ("dx"), if there is one.
    `fallback` may earn a share of the points when the check failed. A `law` carries no points and runs only when a
    check of the same `functions` failed, to say which relation is broken. `advice` carries no points either and
    never counts as a failure.
    """

    name: str
    summary: str
    test: Callable[[Student, Any], None]
    functions: tuple[str, ...]
    result: str = ""
    given: "Cases | None" = None
    points: float = 0
    hidden: bool = False
    bonus: bool = False
    advice: bool = False
    law: bool = False
    fallback: Callable[[Student, Any, bool], str] | None = None


@dataclass(frozen=True, slots=True)
class Misconception:
    """A mistake that people really make, and wrong models that make it.

    `wrong` maps a student function's name to a function with its signature on float64 torch tensors.
    """

    name: str
    mistake: str
    hint: str
    wrong: Mapping[str, Callable[..., Any]]
    code: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """One exercise file: what it must define, and how it is judged.

    Where torch is among the `allowed_packages`, functions get tensors for arrays. `driver` ("vision/transfer") names a
    file of `autograder/drivers/`, whose functions run in the worker and call the submission's.
    """

    path: str
    title: str
    checks: tuple[Check, ...]
    misconceptions: tuple[Misconception, ...] = ()
    allowed_packages: tuple[str, ...] = ("numpy",)
    forbidden_names: tuple[str, ...] = ()
    borrows: tuple[str, ...] = ()
    limits: Limits = Limits()
    driver: str = ""

    @property
    def assignment(self) -> str:
        return self.path.rsplit("/", 1)[0]

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[1]

    @property
    def functions(self) -> tuple[str, ...]:
        """Every function that some check calls, in order."""
        return tuple(dict.fromkeys(name for check in self.checks for name in check.functions))

    @property
    def possible(self) -> float:
        return sum(check.points for check in self.checks if not check.bonus)


@dataclass(frozen=True, slots=True)
class Counterexample:
    """The smallest failing call found, ready to paste, with what came back beside what should have.

    `errors` is a 2-D slice of |got - expected| through the worst entry, for a heat map, and `errors_of` says which.
    """

    call: str
    setup: str
    result: str = ""
    got: str = ""
    expected: str = ""
    index: tuple[int, ...] | None = None
    errors: list[list[float]] | None = None
    errors_of: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is wrong, when, where, and what to do: each empty unless the grader is sure."""

    what: str = ""
    when: str = ""
    where: str = ""
    misconceptions: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    laws: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The outcome of one check for one submission."""

    check: str
    summary: str
    verdict: Verdict
    earned: float
    points: float
    message: str = ""
    line: int | None = None
    hidden: bool = False
    bonus: bool = False
    advice: bool = False
    counterexample: Counterexample | None = None
    diagnosis: Diagnosis | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything there is to say about one unit of one submission; no times, so that it is reproducible."""

    submission: str
    unit: str
    title: str
    results: tuple[CheckResult, ...]
    seed: int
    sandbox: str
    versions: dict[str, str] = field(default_factory=dict)
    output: str = ""
    notes: tuple[str, ...] = ()

    @property
    def possible(self) -> float:
        return sum(result.points for result in self.results if not result.bonus)

    @property
    def score(self) -> float:
        """Points earned; bonus points count, but no more than `possible` can be reached. A unit of nothing else adds
        them to the assignment's.
        """
        earned = sum(result.earned for result in self.results)
        return round(min(earned, self.possible or earned), 6)

    @property
    def bonus(self) -> float:
        """How much of `score` is bonus: points without which the same submission would have less."""
        return round(max(0.0, self.score - sum(result.earned for result in self.results if not result.bonus)), 6)

    @property
    def passed(self) -> bool:
        """Whether every check that counts was passed."""
        settled = (Verdict.PASSED, Verdict.SKIPPED)
        counted = [result for result in self.results if not (result.advice or (result.bonus and self.possible))]
        return all(result.verdict in settled for result in counted)


RESULT_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Result:
    """What one student's assignment came to. `key` tells whether it would come out the same again."""

    student: str
    assignment: str
    key: str
    reports: tuple[Report, ...]
    format: int = RESULT_FORMAT
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def score(self) -> float:
        return round(min(sum(report.score for report in self.reports), self.possible), 6)

    @property
    def bonus(self) -> float:
        """How much of `score` is bonus."""
        return round(max(0.0, self.score - sum(report.score - report.bonus for report in self.reports)), 6)

    @property
    def possible(self) -> float:
        return sum(report.possible for report in self.reports)

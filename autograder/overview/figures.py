"""What a folder of results says of a class: counts, and no names but where somebody has to act."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.course import COURSE
from autograder.exports.results import Stored
from autograder.model import CheckResult, Counterexample, Report, Verdict

BINS = 10  # of a distribution of scores
SLOWEST = 10  # submissions listed
NOT_COUNTED = (Verdict.SKIPPED, Verdict.UNGRADABLE)


@dataclass(frozen=True, slots=True)
class Distribution:
    """The scores of one assignment: how many students in each tenth of the points; full marks are in the last."""

    assignment: str
    possible: float
    students: int
    mean: float
    median: float
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CheckRow:
    """How one check ended, by verdict."""

    check: str
    summary: str
    hidden: bool
    bonus: bool
    counts: dict[Verdict, int]

    @property
    def students(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit: who handed it in, what they earned, and its checks."""

    unit: str
    title: str
    possible: float
    students: int
    mean: float
    full: int
    checks: tuple[CheckRow, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A known mistake, how many students made it, and the smallest example of it. It tells nobody's name."""

    name: str
    unit: str
    what: str
    hint: str
    students: int
    example: Counterexample | None


@dataclass(frozen=True, slots=True)
class Condition:
    """When a function fails ("exactly when padding = 0"), and for how many students."""

    unit: str
    function: str
    when: str
    students: int


@dataclass(frozen=True, slots=True)
class Slow:
    student: str
    assignment: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Ungraded:
    """What could not be graded, and why: somebody has to look at it."""

    student: str
    assignment: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that the page shows."""

    students: int
    distributions: tuple[Distribution, ...]
    mistakes: tuple[Mistake, ...]
    conditions: tuple[Condition, ...]
    units: tuple[UnitRow, ...]
    slowest: tuple[Slow, ...]
    ungraded: tuple[Ungraded, ...]
    unprotected: bool


def overview(stored: Sequence[Stored]) -> Overview:
    """The figures of a class."""
    reports = [(each.result.student, report) for each in stored for report in each.result.reports]
    return Overview(
        students=len({each.result.student for each in stored}),
        distributions=tuple(sorted(_distributions(stored), key=lambda each: _place(each.assignment))),
        mistakes=tuple(_mistakes(reports)),
        conditions=tuple(_conditions(reports)),
        units=tuple(sorted(_units(reports), key=lambda each: _place(each.unit))),
        slowest=tuple(_slowest(stored)),
        ungraded=tuple(_ungraded(stored)),
        unprotected=any(report.sandbox == "none" for _, report in reports),
    )


def _place(name: str) -> tuple[int, str]:
    """Where a unit or an assignment stands in the course."""
    paths = [entry.path for entry in COURSE]
    return next((place for place, path in enumerate(paths) if path.startswith(name)), len(paths)), name


def _distributions(stored: Sequence[Stored]) -> Iterator[Distribution]:
    scores: dict[str, list[float]] = defaultdict(list)
    possible: dict[str, float] = {}
    for each in stored:
        name = each.result.assignment
        scores[name].append(each.result.score)
        possible[name] = max(possible.get(name, 0), each.result.possible)
    for name, those in scores.items():
        tenths = Counter(_tenth(score, possible[name]) for score in those)
        counts = tuple(tenths[place] for place in range(BINS))
        yield Distribution(name, possible[name], len(those), statistics.mean(those), statistics.median(those), counts)


def _tenth(score: float, possible: float) -> int:
    return min(BINS - 1, int(BINS * score / possible)) if possible else 0


def _units(reports: Iterable[tuple[str, Report]]) -> Iterator[UnitRow]:
    by_unit: dict[str, list[Report]] = defaultdict(list)
    for _, report in reports:
        by_unit[report.unit].append(report)
    for unit, those in by_unit.items():
        scores, possible = [report.score for report in those], max(report.possible for report in those)
        full = sum(score == possible for score in scores)
        yield UnitRow(
            unit, those[0].title, possible, len(those), statistics.mean(scores), full, tuple(_checks(those))
        )  # fmt: skip


def _checks(reports: Sequence[Report]) -> Iterator[CheckRow]:
    """The checks in the order of the unit; laws and advice, which carry no points, are left out."""
    found: dict[str, list[CheckResult]] = defaultdict(list)
    for report in reports:
        for result in report.results:
            if result.points and not result.advice:
                found[result.check].append(result)
    for check, those in found.items():
        counts = Counter(result.verdict for result in those if result.verdict not in NOT_COUNTED)
        yield CheckRow(check, those[0].summary, those[0].hidden, those[0].bonus, dict(counts))


def _mistakes(reports: Iterable[tuple[str, Report]]) -> Iterator[Mistake]:
    """The most frequent first."""
    made: dict[tuple[str, str], set[str]] = defaultdict(set)
    shown: dict[tuple[str, str], list[CheckResult]] = defaultdict(list)
    for student, report in reports:
        for result in report.results:
            if result.diagnosis and len(result.diagnosis.misconceptions) == 1:  # of two, nobody knows which
                key = report.unit, result.diagnosis.misconceptions[0]
                made[key].add(student)
                shown[key].append(result)
    for key in sorted(made, key=lambda key: (-len(made[key]), key)):
        unit, name = key
        example = min(
            (result.counterexample for result in shown[key] if result.counterexample), key=_size, default=None
        )
        first = shown[key][0].diagnosis
        assert first is not None
        yield Mistake(name, unit, first.what, first.hints[-1] if first.hints else "", len(made[key]), example)


def _size(example: Counterexample) -> tuple[int, str]:
    return len(example.setup), example.setup


def _conditions(reports: Iterable[tuple[str, Report]]) -> Iterator[Condition]:
    failing: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for student, report in reports:
        for result in report.results:
            if result.diagnosis and result.diagnosis.when:
                failing[report.unit, result.check.split(".")[0], result.diagnosis.when].add(student)
    for key in sorted(failing, key=lambda key: (-len(failing[key]), key)):
        yield Condition(*key, len(failing[key]))


def _slowest(stored: Sequence[Stored]) -> Iterator[Slow]:
    timed = [(sum(each.seconds.values()), each.result) for each in stored if each.seconds]
    timed.sort(key=lambda pair: (-pair[0], pair[1].student))
    for seconds, result in timed[:SLOWEST]:
        yield Slow(result.student, result.assignment, seconds)


def _ungraded(stored: Sequence[Stored]) -> Iterator[Ungraded]:
    for each in stored:
        student, assignment = each.result.student, each.result.assignment
        for what, reason in each.result.problems.items():
            yield Ungraded(student, assignment, what, reason)
        for report in each.result.reports:
            reasons = {result.message for result in report.results if result.verdict is Verdict.UNGRADABLE}
            for reason in sorted(reasons):
                yield Ungraded(student, assignment, report.unit, reason)

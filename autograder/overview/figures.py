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
    """The scores of one assignment: how many students in each tenth of the points; full marks are in the last.

    `bonus` is how much of the mean is bonus, `adjusted` how many scores somebody changed by hand.
    """

    assignment: str
    possible: float
    students: int
    mean: float
    median: float
    counts: tuple[int, ...]
    bonus: float
    adjusted: int


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
    """One unit: who handed it in, what they earned, and its checks.

    `full` is how many have all points, `filled` how many of them only with bonus points, in the place of lost ones.
    """

    unit: str
    title: str
    possible: float
    students: int
    mean: float
    full: int
    filled: int
    bonus: float
    adjusted: int
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
        units=tuple(sorted(_units(stored), key=lambda each: _place(each.unit))),
        slowest=tuple(_slowest(stored)),
        ungraded=tuple(_ungraded(stored)),
        unprotected=any(report.sandbox == "none" for _, report in reports),
    )


def _place(name: str) -> tuple[int, str]:
    """Where a unit or an assignment stands in the course."""
    paths = [entry.path for entry in COURSE]
    return next((place for place, path in enumerate(paths) if path.startswith(name)), len(paths)), name


def _distributions(stored: Sequence[Stored]) -> Iterator[Distribution]:
    by_assignment: dict[str, list[Stored]] = defaultdict(list)
    for each in stored:
        by_assignment[each.result.assignment].append(each)
    for name, those in by_assignment.items():
        scores, possible = [each.score for each in those], max(each.result.possible for each in those)
        tenths = Counter(_tenth(score, possible) for score in scores)
        yield Distribution(
            assignment=name,
            possible=possible,
            students=len(those),
            mean=statistics.mean(scores),
            median=statistics.median(scores),
            counts=tuple(tenths[place] for place in range(BINS)),
            bonus=statistics.mean(each.bonus for each in those),
            adjusted=sum(bool(each.adjustments) for each in those),
        )


def _tenth(score: float, possible: float) -> int:
    return min(BINS - 1, int(BINS * score / possible)) if possible else 0


def _units(stored: Iterable[Stored]) -> Iterator[UnitRow]:
    by_unit: dict[str, list[tuple[Stored, Report]]] = defaultdict(list)
    for each in stored:
        for report in each.result.reports:
            by_unit[report.unit].append((each, report))
    for unit, those in by_unit.items():
        reports = [report for _, report in those]
        full = [(each, report) for each, report in those if each.score_of(report) >= _all_points(report)]
        yield UnitRow(
            unit=unit,
            title=reports[0].title,
            possible=max(report.possible for report in reports),
            students=len(those),
            mean=statistics.mean(each.score_of(report) for each, report in those),
            full=len(full),
            filled=sum(bool(report.possible and each.bonus_of(report)) for each, report in full),
            bonus=statistics.mean(each.bonus_of(report) for each, report in those),
            adjusted=sum(unit in each.adjustments for each, _ in those),
            checks=tuple(_checks(reports)),
        )


def _all_points(report: Report) -> float:
    """What can be reached: in a unit that is a bonus as a whole, all of the bonus."""
    return report.possible or sum(result.points for result in report.results)


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

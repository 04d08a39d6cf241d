"""What every export says of a student's assignment: a score, and a line for each check. Formats take nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder.exports.results import Stored
from autograder.exports.roster import Person, Roster
from autograder.exports.text import explain, shorten, xml
from autograder.grading.adjustments import Adjustment, adjusted
from autograder.model import CheckResult, Report, Verdict

NOT_RUN = "the file cannot be executed"  # how the message of a check begins if its file could not be loaded
GRADER_FAILED = "the grader itself failed here, which is not the student's fault: grade again"


@dataclass(frozen=True, slots=True)
class Line:
    """One check. `possible` is 0 for advice and for a bonus, whose points count only up to what is possible."""

    unit: str
    check: str
    summary: str
    verdict: Verdict
    earned: float
    possible: float
    text: str = ""
    hidden: bool = False
    bonus: bool = False
    advice: bool = False
    seconds: float = 0

    @property
    def passed(self) -> bool:
        return self.verdict is Verdict.PASSED

    @property
    def optional(self) -> bool:
        """Whether it is a bonus that was not tried, and nobody has to."""
        return self.bonus and self.verdict is Verdict.MISSING


@dataclass(frozen=True, slots=True)
class Part:
    """One unit of a student's assignment."""

    unit: str
    title: str
    score: float
    possible: float
    lines: tuple[Line, ...]
    unreadable: str = ""
    printed: str = ""
    bonus: float = 0  # of the score


@dataclass(frozen=True, slots=True)
class Graded:
    """One student's assignment. `failed` says that the grader failed on it, so that its score means nothing."""

    student: str
    assignment: str
    parts: tuple[Part, ...]
    person: Person
    failed: str = ""
    notes: tuple[str, ...] = ()
    about: Mapping[str, object] = field(default_factory=dict)

    @property
    def score(self) -> float:
        return round(min(sum(part.score for part in self.parts), self.possible), 6)

    @property
    def possible(self) -> float:
        return sum(part.possible for part in self.parts)

    @property
    def bonus(self) -> float:
        """How much of `score` is bonus."""
        return round(max(0.0, self.score - sum(part.score - part.bonus for part in self.parts)), 6)

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for part in self.parts for line in part.lines)

    @property
    def shown(self) -> tuple[Line, ...]:
        """The lines that a student may see."""
        return tuple(line for line in self.lines if not line.hidden)

    @property
    def printed(self) -> dict[str, str]:
        """What the student's code printed, by unit; nothing of it is from hidden cases."""
        return {part.unit: part.printed for part in self.parts if part.printed}

    @property
    def hidden(self) -> tuple[float, float]:
        """The points earned in hidden checks, and those that could be."""
        hidden = [line for line in self.lines if line.hidden]
        return sum(line.earned for line in hidden), sum(line.possible for line in hidden)

    def of(self, name: str) -> "tuple[float, float] | None":
        """Score and possible points under a name: the assignment's or one of its units'; None if it has none."""
        if name == self.assignment:
            return self.score, self.possible
        return next(
            ((part.score, part.possible) for part in self.parts if name in (part.unit, _path(self, part))), None
        )


@dataclass(frozen=True, slots=True)
class Export:
    """Everything that a format writes down. `headers` are the columns that were asked for, by what goes into them."""

    graded: tuple[Graded, ...]
    absent: tuple[Person, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    roster: Roster = field(default_factory=Roster)

    @property
    def assignments(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(graded.assignment for graded in self.graded))


def graded(stored: Stored, person: Person) -> Graded:
    """A result as the formats see it.

    Every score that is exported comes from here: whatever is to change one (an instructor's adjustment, say) becomes
    a line of its part, and changes that part's score.
    """
    result = stored.result
    parts = tuple(
        with_adjustments(part_of(report, stored.seconds), stored.adjustments.get(report.unit, ()))
        for report in result.reports
    )
    about = {} if not result.reports else _about(result.reports[0])
    failed = "" if result.key else GRADER_FAILED
    return Graded(result.student, result.assignment, parts, person, failed, _notes(result.reports), about)


def with_adjustments(part: Part, adjustments: Sequence[Adjustment]) -> Part:
    """A unit with what was given or taken by hand, each as a line of its own."""
    lines = tuple(
        Line(part.unit, f"adjustment-{number}", f"adjusted by hand: {each.reason}", Verdict.PASSED, each.points, 0)
        for number, each in enumerate(adjustments, 1)
    )
    score = adjusted(part.score, adjustments)
    return replace(part, score=score, lines=(*part.lines, *lines), bonus=min(part.bonus, score))


def part_of(report: Report, seconds: Mapping[str, float]) -> Part:
    unit = report.unit.rsplit("/", 1)[1]
    lines = tuple(_line(unit, result, seconds.get(f"{unit}.{result.check}", 0)) for result in _told(report))
    printed = shorten(xml(report.output.strip()))
    return Part(
        unit, report.title, report.score, report.possible, _capped(lines, report), _unreadable(report), printed,
        report.bonus,
    )  # fmt: skip


def _told(report: Report) -> Iterator[CheckResult]:
    """The checks worth telling: not the advice that was followed, or not looked at."""
    settled = (Verdict.PASSED, Verdict.SKIPPED)
    return (result for result in report.results if not (result.advice and result.verdict in settled))


def _line(unit: str, result: CheckResult, seconds: float) -> Line:
    return Line(
        unit=unit,
        check=result.check,
        summary=result.summary,
        verdict=result.verdict,
        earned=result.earned,
        possible=0 if result.bonus or result.advice else result.points,
        text=explain(result),
        hidden=result.hidden,
        bonus=result.bonus,
        advice=result.advice,
        seconds=seconds,
    )


def _capped(lines: Sequence[Line], report: Report) -> tuple[Line, ...]:
    """The lines, with no more for a bonus than counts: so that they add up to the score."""
    spare = report.score - sum(line.earned for line in lines if not line.bonus)
    kept = []
    for line in lines:
        if line.bonus:
            line = replace(line, earned=round(max(0.0, min(line.earned, spare)), 6))
            spare -= line.earned
        kept.append(line)
    return tuple(kept)


def _unreadable(report: Report) -> str:
    """Why nothing in the unit could be run at all; empty if something could."""
    counted = [result for result in report.results if not (result.advice or result.hidden)]  # hidden ones tell less
    never = [r for r in counted if r.verdict is Verdict.UNGRADABLE or r.message.startswith(NOT_RUN)]
    return counted[0].message if counted and (len(never) == len(counted) or _not_there(report)) else ""


def _not_there(report: Report) -> bool:
    return bool(report.notes) and all(
        result.verdict is Verdict.MISSING and result.message == report.notes[0] for result in report.results
    )


def _notes(reports: Sequence[Report]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(note for report in reports for note in report.notes))


def _about(report: Report) -> dict[str, object]:
    return {"seed": report.seed, "sandbox": report.sandbox, "versions": dict(report.versions)}


def _path(graded: Graded, part: Part) -> str:
    return f"{graded.assignment}/{part.unit}"

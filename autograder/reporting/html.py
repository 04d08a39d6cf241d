"""A student's results as one HTML page, or one unit's as a fragment: no script, nothing loaded from elsewhere.

What is shown, and in which order, is decided here; the templates only write it down.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from autograder.model import CheckResult, Counterexample, Report, Result, Reveal, Verdict
from autograder.reporting.escape import terminal
from autograder.reporting.words import of_them, plural, points, score_words

__all__ = ["fragment", "notice", "page", "render"]

TEMPLATES = Path(__file__).parent / "templates"
LEVELS = 5  # colours of the heat map
NOISE = 1e-10  # of the largest error: what is below may be rounding
WORD = re.compile(r"([^\s\[\],]+)")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to fix: a failed check, and those that failed in the very same way."""

    result: CheckResult
    same: tuple[CheckResult, ...]
    folded: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A wrong entry: `level` is 1 for a small error, `LEVELS` for the largest, 0 where it is not finite."""

    row: int
    column: int
    level: int


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A slice of |got - expected|: its wrong entries, and in words what there is to see."""

    rows: int
    columns: int
    wrong: tuple[Cell, ...]
    largest: float
    title: str
    words: str

    @property
    def infinite(self) -> int:
        return sum(cell.level == 0 for cell in self.wrong)


@dataclass(frozen=True, slots=True)
class UnitView:
    """The results of one unit, sorted into what a reader does with them."""

    report: Report
    problems: tuple[Problem, ...]
    hidden: tuple[CheckResult, ...]
    optional: tuple[CheckResult, ...]
    not_run: tuple[CheckResult, ...]
    passed: tuple[CheckResult, ...]
    advice: tuple[CheckResult, ...]


def render(student: str, assignment: str, reports: Sequence[Report], *, reveal: bool = False) -> str:
    """A whole page for one student's assignment. Only `reveal` shows more of a hidden check than its message."""
    whole = Result(student, assignment, "", tuple(reports))
    return _environment().get_template("page.html").render(
        student=student,
        assignment=assignment,
        units=[unit_view(report, reveal=reveal) for report in reports],
        whole=whole,
        unprotected=any(report.sandbox == "none" for report in reports),
        footnotes=list(dict.fromkeys(footnote(report) for report in reports)),
    )  # fmt: skip


def fragment(report: Report, *, reveal: bool = False) -> str:
    """One unit, to put into a page or a notebook; its style touches nothing else there."""
    return _environment().get_template("fragment.html").render(
        unit=unit_view(report, reveal=reveal),
        unprotected=report.sandbox == "none",
        footnotes=[footnote(report)],
    )  # fmt: skip


def page(result: Result, *, reveal: Reveal = Reveal.KIND) -> str:
    """The page that is kept with a result."""
    return render(result.student, result.assignment, result.reports, reveal=reveal is not Reveal.KIND)


def notice(text: str) -> str:
    """A sentence in the look of a fragment, where there is no report to show."""
    return _environment().get_template("notice.html").render(text=text)


def unit_view(report: Report, *, reveal: bool = False) -> UnitView:
    """Sort the results of one unit: each goes to one place; advice that was not worth running is left out."""
    places: dict[str, list[CheckResult]] = {place: [] for place in UnitView.__slots__[1:]}
    for result in report.results:
        if not (result.advice and result.verdict is Verdict.SKIPPED):
            places[_place(result, reveal)].append(result)
    failed = sorted(places.pop("problems"), key=lambda result: result.bonus)
    return UnitView(report, tuple(problems(failed)), **{name: tuple(those) for name, those in places.items()})


def _place(result: CheckResult, reveal: bool) -> str:
    if result.verdict is Verdict.PASSED:
        return "passed"
    if result.advice:
        return "advice"
    if result.verdict is Verdict.SKIPPED:
        return "not_run"
    if result.bonus and result.verdict is Verdict.MISSING:
        return "optional"
    return "hidden" if result.hidden and not reveal else "problems"


def problems(failed: Sequence[CheckResult]) -> Iterator[Problem]:
    """Failed checks, those with one cause together; after a function's first the others are folded."""
    groups: dict[object, list[CheckResult]] = {}
    for result in failed:
        groups.setdefault(_cause(result), []).append(result)
    seen: set[str] = set()
    for first, *same in groups.values():
        yield Problem(first, tuple(same), folded=function(first) in seen)
        seen.add(function(first))


def _cause(result: CheckResult) -> object:
    """What two failures share if one correction will mend both: a known mistake, or the very same message."""
    if result.diagnosis and result.diagnosis.what:
        return result.diagnosis.what
    owner = function(result) if result.verdict is Verdict.MISSING else ""
    return owner, result.verdict, message(result)


def function(result: CheckResult) -> str:
    """The student's function that a check is about: checks are named after it."""
    return result.check.split(".")[0]


def message(result: CheckResult) -> str:
    """A check's message, without the call where that is written out below."""
    call = result.counterexample.call if result.counterexample else ""
    return result.message.replace(f"  [{call}]", "") if call else result.message


def headline(unit: UnitView) -> tuple[str, str]:
    """What to do next in a unit: the function to mend, if it is one, and what is wrong with it."""
    if unit.problems:
        problem = unit.problems[0]
        first = problem.result
        functions = {function(result) for result in (first, *problem.same)}
        what = first.diagnosis.what if first.diagnosis else ""
        return function(first) if len(functions) == 1 else "", what or message(first) or first.verdict.value
    if unit.hidden:
        return "", "Every check that you can see passed; some hidden ones failed."
    return "", "Everything passed." if unit.report.passed else "See below."


def share(part: float, whole: float) -> str:
    """A percentage for a style sheet."""
    return f"{100 * part / whole if whole else 0:.4g}%"


def earned(result: CheckResult) -> str:
    """A check's points in words; nothing for one that carries none."""
    if not result.points:
        return ""
    partial = " (partial credit)" if 0 < result.earned < result.points else ""
    return f"{points(result.earned)} of {plural(result.points, 'point')}{partial}"


def footnote(report: Report) -> str:
    """What decides a result beside the submission itself."""
    versions = (f"{name} {version}" for name, version in report.versions.items())
    return " · ".join((f"seed {report.seed}", f"sandbox {report.sandbox}", *versions))


def heat_map(example: Counterexample) -> HeatMap | None:
    """What to draw of the errors; None where a single number says it all."""
    rows = example.errors or []
    entries = [(i, j, error) for i, row in enumerate(rows) for j, error in enumerate(row)]
    if len(entries) < 2:
        return None
    largest = max(0.0, *(error for *_, error in entries))
    wrong = tuple(Cell(i, j, _level(error, largest)) for i, j, error in entries if error < 0 or error > NOISE * largest)
    words = _words(len(wrong), len(entries), sum(cell.level == 0 for cell in wrong), largest)
    title = f"Error in {example.errors_of or example.result or 'the result'}"
    return HeatMap(len(rows), max(map(len, rows)), wrong, largest, title, words)


def _level(error: float, largest: float) -> int:
    return 0 if error < 0 else min(LEVELS, 1 + int(LEVELS * error / largest))


def _words(wrong: int, total: int, infinite: int, largest: float) -> str:
    text = f"{wrong} of {total} entries {'is' if wrong == 1 else 'are'} wrong"
    text += f", the largest error is {largest:g}" if largest else ""
    return text + (f", {infinite} {'is' if infinite == 1 else 'are'} not finite" if infinite else "") + "."


def compared(text: str, other: str) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether it differs from its counterpart in `other`; whole if they do not match up."""
    pieces, others = WORD.split(text), WORD.split(other)
    if len(pieces) != len(others):
        return [(text, False)]
    return [(piece, i % 2 == 1 and not _equal(piece, others[i])) for i, piece in enumerate(pieces)]


def _equal(word: str, other: str) -> bool:
    try:
        return word == other or float(word) == float(other)
    except ValueError:
        return False


def _finalize(value: object) -> object:
    """Everything a template writes passes here: control and bidi characters are shown, then HTML is escaped."""
    return terminal(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def environment(*folders: Path, **names: object) -> Environment:
    """Templates from some folders, with `names` in them; whatever is written is made visible and escaped."""
    found = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(names)
    return found


@cache
def _environment() -> Environment:
    helpers = (compared, earned, headline, heat_map, message, of_them, points, score_words, share)
    return environment(TEMPLATES, levels=range(1, LEVELS + 1), **{helper.__name__: helper for helper in helpers})

"""The class's page: one file, no script, nothing loaded from elsewhere, figures drawn as SVG with words beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment

from autograder.model import Verdict
from autograder.overview.figures import BINS, CheckRow, Distribution, Overview, UnitRow
from autograder.overview.similar import Pair
from autograder.reporting.html import TEMPLATES, environment
from autograder.reporting.words import plural, points, score_words

SHOWN = (Verdict.PASSED, Verdict.FAILED, Verdict.CRASHED, Verdict.TIMED_OUT, Verdict.MISSING)
HEIGHT = 120  # of a histogram, in SVG units


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a histogram, or a piece of one that is stacked."""

    place: float
    size: float
    count: int
    label: str


def render(figures: Overview, alike: Sequence[Pair] | None = None) -> str:
    """The whole page. `alike` is None where nobody asked for similar submissions."""
    return _environment().get_template("class.html").render(figures=figures, alike=alike)


def histogram(scores: Distribution) -> list[Bar]:
    """One bar for each tenth of the points."""
    most = max(scores.counts) or 1
    width = scores.possible / BINS
    return [
        Bar(index, HEIGHT * count / most, count, f"{points(index * width)} to {points((index + 1) * width)}")
        for index, count in enumerate(scores.counts)
    ]  # fmt: skip


def in_words(scores: Distribution) -> str:
    """What a histogram shows, for those who do not see it."""
    told = (f"{bar.count} with {bar.label} points" for bar in histogram(scores) if bar.count)
    return f"Students by score: {', '.join(told)}."


def average(of: Distribution | UnitRow) -> str:
    """The mean in words, and how much of it is bonus."""
    if not of.possible:
        return score_words(of.mean, 0)
    bonus = f", {points(of.bonus)} of it bonus" if round(of.bonus, 2) else ""
    return f"{points(of.mean)} of {points(of.possible)}{bonus}"


def reached(unit: UnitRow) -> str:
    """How many have all points, and how many of them only thanks to a bonus."""
    filled = f", {unit.filled} of them by bonus points" if unit.filled else ""
    return f"{unit.full} of {unit.students} have all{filled}"


def pieces(row: CheckRow) -> list[Bar]:
    """How a check ended, as pieces of one line of length 100."""
    bars, place = [], 0.0
    for verdict in SHOWN:
        size = 100 * row.counts.get(verdict, 0) / max(1, row.students)
        if size:
            bars.append(Bar(place, size, row.counts[verdict], verdict.name.lower()))
        place += size
    return bars


@cache
def _environment() -> Environment:
    return environment(
        Path(__file__).parent / "templates", TEMPLATES, shown=SHOWN, height=HEIGHT,
        histogram=histogram, in_words=in_words, pieces=pieces, plural=plural, points=points,
        average=average, reached=reached,
    )  # fmt: skip

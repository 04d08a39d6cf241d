"""`handgrad report`: from a folder of results to the page of the class."""

from pathlib import Path

from autograder.course import COURSE
from autograder.exports.results import Stored, read_results, unmatched
from autograder.exports.writing import write_one
from autograder.kit import stubs
from autograder.overview.figures import overview
from autograder.overview.page import render
from autograder.overview.similar import Pair, pairs
from autograder.reporting.words import plural
from autograder.submission import take_in


def write_report(results: Path, out: Path, handed_in: Path | None) -> str:
    """Write the page; what was done, in one line."""
    stored = read_results(results)
    alike = similar(handed_in, stored) if handed_in else None
    figures = overview(stored)
    write_one(out, render(figures, alike))
    found = "" if alike is None else f", {plural(len(alike), 'similar pair')}"
    counted = f"{plural(figures.students, 'student')}, {plural(len(figures.mistakes), 'known mistake')}"
    lost = len(unmatched(results, stored))
    found += f"; adjustments.csv: {plural(lost, 'adjustment')} for which there is no result" if lost else ""
    return f"wrote {out}: {counted}{found}"


def similar(handed_in: Path, stored: list[Stored]) -> list[Pair]:
    """Similar submissions among those that have results."""
    graded = {(each.result.student, each.result.assignment) for each in stored}
    submissions = [each for each in take_in(handed_in).submissions if (each.student, each.assignment) in graded]
    texts = {entry.path: (stubs(entry.assignment) / f"{entry.name}.py").read_text("utf-8") for entry in COURSE}
    return pairs(submissions, texts)

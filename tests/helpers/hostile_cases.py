"""Hostile submissions: what a file of them says of itself, and whether a report is what it requires."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from students import REPO, SOLUTIONS

from autograder.model import CheckResult, Report, Verdict
from autograder.reporting.escape import terminal

CASES = REPO / "tests" / "submissions" / "hostile"
TORCH_CASES = REPO / "tests" / "submissions" / "hostile_torch"
HONEST = "_honest.py"
CONV2D = "convolution/conv2d"
DISHONEST = ("the grader failed", "cannot be judged")  # in a message, where an attack is to blame
MARKUP = ("<script>alert", "<img src=x")
LONGEST = 3000  # characters of a message
LONGEST_HIDDEN = 120


@dataclass(frozen=True)
class Case:
    """One file: what it is, by its docstring."""

    name: str
    fields: dict[str, str]
    source: bytes

    @property
    def expected(self) -> set[str]:
        return set(self.fields["expect"].split("|"))

    @property
    def unit(self) -> str:
        return self.fields.get("unit", CONV2D)

    @property
    def submitted(self) -> bytes:
        """What is handed in: the case after an honest solution, or alone."""
        honest = SOLUTIONS / f"{self.unit}.py" if "unit" in self.fields else CASES / HONEST
        return self.source if self.fields.get("base") == "none" else honest.read_bytes() + b"\n\n" + self.source


def read_cases(folder: Path) -> dict[str, Case]:
    """The cases of a folder, by name."""
    return {path.stem: _read_case(path) for path in sorted(folder.glob("[!_]*.py"))}


def _read_case(path: Path) -> Case:
    source = path.read_bytes()
    text = source.decode("utf-8", "replace").replace("\\n", "\n").replace('\\"', '"')
    header = text.split('"""')[1].lstrip('"')  # which a notebook's JSON puts before it
    return Case(path.stem, dict(line.split(": ", 1) for line in header.strip().splitlines()), source)


def graded(report: Report) -> list[CheckResult]:
    return [result for result in report.results if not (result.advice or result.bonus)]


def function_of(result: CheckResult) -> str:
    return result.check.split(".")[0]


def faults(case: Case, report: Report, page: str) -> Iterator[str]:
    """All that is not as the case requires; an attack held if there is nothing."""
    every = {function_of(result) for result in graded(report)}
    hits = every if case.fields["hits"] == "all" else set(case.fields["hits"].split())
    if hits - every:
        yield f"there are no checks of {hits - every}"
    yield from _wrong_marks(case, report, hits)
    yield from _wrong_messages(case, report)
    yield from _told(report)
    if page != terminal(page) or any(words in page for words in MARKUP):
        yield "a page with control characters or markup"


def _wrong_marks(case: Case, report: Report, hits: set[str]) -> Iterator[str]:
    """What it hits gets the verdicts that it must and no marks; what it does not hit keeps full marks."""
    hit = [result for result in graded(report) if function_of(result) in hits]
    verdicts = {result.verdict.value for result in hit}
    if not verdicts <= case.expected or (verdicts == {"passed"} and case.expected != {"passed"}):
        yield f"verdicts {verdicts}"
    if any(result.earned for result in hit if result.verdict is not Verdict.PASSED):
        yield "marks for what failed"
    if case.fields.get("others") != "any":
        others = (result for result in graded(report) if result not in hit)
        yield from (f"{each.check}: {each.message}" for each in others if each.earned < each.points)


def _wrong_messages(case: Case, report: Report) -> Iterator[str]:
    failures = [result for result in graded(report) if result.verdict is not Verdict.PASSED]
    messages = [result.message for result in failures if not result.hidden]
    shown = "\n".join(messages)
    if case.fields.get("says", "") not in shown or not all(0 < len(message) < LONGEST for message in messages):
        yield f"says {shown[:500]!r}"
    left_out = "not implemented yet" in shown and "missing" not in case.expected
    if left_out or any(words in shown for words in DISHONEST):
        yield f"a message that is not honest: {shown[:500]!r}"


def _told(report: Report) -> Iterator[str]:
    """What an attack got hold of, and what a hidden check tells beyond its kind."""
    messages = (re.sub(r" in line \d+.*", "", result.message, flags=re.DOTALL) for result in report.results)
    if any("LOOT" in text for text in (report.output, *messages)):
        yield f"loot: {report.output[:500]!r}"
    for result in graded(report):
        failed = result.verdict not in (Verdict.PASSED, Verdict.UNGRADABLE)
        more = len(result.message) >= LONGEST_HIDDEN or result.counterexample or "exit code" in result.message
        if result.hidden and failed and more:
            yield f"a hidden check tells {result.message[:500]!r}"

"""Reports in a terminal: what is wrong first, then what is right in one line."""

from collections.abc import Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.model import CheckResult, Counterexample, Diagnosis, Report, Result, Verdict
from autograder.reporting.escape import terminal as safe
from autograder.reporting.words import points, score_words

DETAILED = 3  # failures shown in full; the others in a line each
STYLES = {
    Verdict.PASSED: ("✓", "green"), Verdict.FAILED: ("✗", "red"), Verdict.CRASHED: ("✗", "red"),
    Verdict.TIMED_OUT: ("✗", "red"), Verdict.MISSING: ("·", "yellow"), Verdict.SKIPPED: ("·", "dim"),
    Verdict.UNGRADABLE: ("✗", "magenta"),
}  # fmt: skip


def show_report(console: Console, report: Report, *, verbose: bool = False, detailed: int = DETAILED) -> None:
    """One unit of one submission, for the person who wrote it, with so many failures in detail."""
    console.print()
    console.print(_title(report))
    if report.output and (verbose or not report.passed):
        lines = safe(report.output).splitlines()
        shown = lines if verbose else lines[:5]
        more = f" (first {len(shown)} of {len(lines)} lines)" if len(shown) < len(lines) else ""
        console.print(Text(f"  printed{more}:", "dim"))
        console.print(Padding(Text("\n".join(shown), "dim"), (0, 0, 0, 4)))
    console.print(Group(*_body(report, len(report.results) if verbose else detailed, verbose)))


def show_check(console: Console, result: CheckResult) -> None:
    """One check that failed, in detail."""
    console.print(Group(*_failure([result], detailed=True)))


def say(text: str, style: str = "") -> None:
    """A line for the person at the terminal, apart from the output proper."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(Text(safe(text, keep=""), style))


def _title(report: Report) -> Text:
    colour = "green" if report.passed else "yellow" if report.score else "red"
    title = Text.assemble((report.unit, "bold"), f"  {report.title}  ")
    return title.append(score_words(report.score, report.possible, report.bonus), f"bold {colour}")


def _body(report: Report, detailed: int, verbose: bool) -> Iterable[RenderableType]:
    counted = [r for r in report.results if not r.advice and not _left_out(r)]
    failed = [r for r in counted if r.verdict not in (Verdict.PASSED, Verdict.SKIPPED)]
    passed = [r for r in counted if r.verdict is Verdict.PASSED]
    for index, alike in enumerate(_alike(failed)):
        yield from _failure(alike, detailed=index < detailed)
    if passed:
        yield Text(f"  ✓ {len(passed)} of {len(passed) + len(failed)} checks passed", "green")
    for result in report.results:
        if _left_out(result):
            yield Text(f"  bonus, not attempted: {result.summary}  {result.points:g} points", "dim")
        if result.advice and result.verdict not in (Verdict.PASSED, Verdict.SKIPPED):
            yield _beside("  ", "", Text(f"advice, no points: {result.summary}: {safe(result.message)}", "dim"))
    if report.sandbox == "none" and verbose:
        yield Text("  run without a sandbox", "dim")


def _left_out(result: CheckResult) -> bool:
    """Whether it is a bonus that nobody has to try."""
    return result.bonus and result.verdict is Verdict.MISSING


def _alike(failed: Sequence[CheckResult]) -> list[list[CheckResult]]:
    """Checks that failed for the very same reason belong together: one mistake, or "not implemented yet", 14 times."""
    groups: dict[tuple[str, ...], list[CheckResult]] = {}
    for result in failed:
        groups.setdefault(_reason(result), []).append(result)
    return list(groups.values())


def _reason(result: CheckResult) -> tuple[str, ...]:
    function = result.check.split(".")[0]
    if result.diagnosis and result.diagnosis.what:
        return (function, result.diagnosis.what)
    if result.counterexample:
        return (result.check,)
    return (function, result.verdict, result.message)


def _failure(alike: Sequence[CheckResult], *, detailed: bool) -> Iterable[RenderableType]:
    first = alike[0]
    symbol, style = STYLES[first.verdict]
    earned = f"{sum(r.earned for r in alike):g}/{sum(r.points for r in alike):g}"
    hidden = "hidden check: " if first.hidden else ""
    more = f" (and {len(alike) - 1} more checks)" if len(alike) > 1 else ""
    yield _beside(f"  {symbol} ", style, Text.assemble(f"{hidden}{first.summary}{more}  ", (earned, "dim")))
    if not detailed:
        return
    inside: list[RenderableType] = []
    if first.diagnosis:
        inside += _diagnosis(first.diagnosis, first.hidden)
    if first.message:
        label = "" if first.verdict is Verdict.FAILED else f"{first.verdict}: "
        inside.append(Text(label + safe(first.message), style))
    if first.counterexample:
        inside += _counterexample(first.counterexample)
    yield Padding(Group(*inside), (0, 0, 1, 4))


def _beside(mark: str, style: str, text: Text) -> RenderableType:
    """A mark, and a text whose further lines stay to its right."""
    grid = Table.grid()
    grid.add_row(Text(mark, style), text)
    return grid


def _diagnosis(diagnosis: Diagnosis, hidden: bool) -> Iterable[RenderableType]:
    if diagnosis.what:
        yield Text(safe(diagnosis.what), "bold")
    if diagnosis.when:
        yield Text.assemble("fails ", (safe(diagnosis.when), "bold"))
    if diagnosis.where:
        yield Text.assemble(("where: ", "dim"), safe(diagnosis.where))
    for law in diagnosis.laws:
        yield Text.assemble(("broken law: ", "dim"), law)
    if len(diagnosis.hints) > 1:
        yield Text(f"`handgrad hint{' --hidden' if hidden else ''}` says more, one step at a time", "dim")


def _counterexample(example: Counterexample) -> Iterable[RenderableType]:
    yield Text("smallest failing call, to paste:", "dim")
    yield Padding(Text(f"{example.setup}\n{example.call}", "cyan", overflow="fold"), (0, 0, 0, 2))
    if example.got or example.expected:
        table = Table(box=None, padding=(0, 4, 0, 0), header_style="dim")
        table.add_column(f"{example.result}, yours")
        table.add_column("should be")
        table.add_row(Text(safe(example.got)), Text(safe(example.expected)))
        yield table


def show_class(console: Console, results: Sequence[Result]) -> None:
    """A line for each submission, for the instructor."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column, justify in (("student", "left"), ("assignment", "left"), ("score", "right"), ("", "left")):
        table.add_column(column, justify="right" if justify == "right" else "left", overflow="fold")
    for result in sorted(results, key=lambda result: (result.student, result.assignment)):
        score = f"{result.score:g}/{result.possible:g}" + (f" ({points(result.bonus)} bonus)" if result.bonus else "")
        full = result.score == result.possible and not result.bonus
        colour = "green" if full else "" if result.score else "red"
        names = Text(safe(result.student, keep="")), Text(result.assignment)  # never markup, which a [/] would break
        table.add_row(*names, Text(score, colour), class_line(result))
    console.print(table)


def class_line(result: Result) -> Text:
    """What went wrong in a submission, in one line: how often, and the reason that tells most."""
    failed = [r for report in result.reports for r in report.results if _counts_against(r)]
    if not failed:
        return Text("")
    kinds = {verdict: sum(r.verdict is verdict for r in failed) for verdict in Verdict}
    counts = ", ".join(f"{count} {verdict}" for verdict, count in kinds.items() if count)
    named = [r.diagnosis.misconceptions[0] for r in failed if r.diagnosis and r.diagnosis.misconceptions]
    ungradable = [r.message for r in failed if r.verdict is Verdict.UNGRADABLE]
    tried = [r.message for r in failed if r.verdict is not Verdict.MISSING]
    reason = [*ungradable, *named, *tried, *(r.message for r in failed)][0].partition("\n")[0]
    return Text(f"{counts}: {safe(reason)}", overflow="ellipsis", no_wrap=True)


def _counts_against(result: CheckResult) -> bool:
    return result.verdict not in (Verdict.PASSED, Verdict.SKIPPED) and not (result.advice or result.bonus)

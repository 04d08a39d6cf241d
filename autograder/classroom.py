"""`handgrad grade`: a whole class, or one unit of it again after that was corrected."""

import functools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from autograder.course import find_entry
from autograder.errors import GraderError, UsageError
from autograder.model import CheckResult, Diagnosis, Report, Result, Reveal
from autograder.reporting.terminal import say
from autograder.reporting.words import plural
from autograder.submission import Submission

if TYPE_CHECKING:
    from autograder.grading.batch import Settings
    from autograder.grading.regrade import Regraded
    from autograder.grading.seeds import Seed
    from autograder.grading.store import Store

MOST = 200  # characters of a message, in a table of the class
console = Console(highlight=False)


@dataclass(frozen=True, slots=True)
class How:
    """What was asked for on the command line, beside the folders."""

    sandbox: str
    seed: int
    secret_file: Path | None
    seconds: float | None
    units: tuple[str, ...]
    jobs: int
    scheduler: str
    reveal: Reveal
    device: str = "cpu"


def grade_folder(submissions: Path, out: Path, how: How, *, json: bool) -> None:
    """Grade every submission in a folder, and write results, reports and grades.csv."""
    from autograder.grading.store import Store
    from autograder.reporting.terminal import show_class

    settings, handed_in = _prepared(submissions, out, how)
    results = _grade(handed_in, settings, Store(out), how, keep=(lambda result: result) if json else brief)
    _write_grades(out, results)
    if json:
        _print_json(results)
    else:
        show_class(console, results)
    say(f"{len(results)} results in {out}; scores in {out / 'grades.csv'}", "dim")
    failed = [result for result in results if not result.key]
    if failed:
        whose = f"{failed[0].student}/{failed[0].assignment}" + (" and others" if len(failed) > 1 else "")
        raise GraderError(
            f"the grader failed on {len(failed)} of {len(results)} submissions, see {whose}; run it again"
        )


def regrade_folder(submissions: Path, out: Path, how: How, *, dry_run: bool) -> None:
    """Grade some units again, say whose score changes, and unless it is a dry run store that."""
    from autograder.exports.results import read_results
    from autograder.grading.regrade import keep, regrade
    from autograder.grading.runners import choose_runner
    from autograder.grading.store import Store
    from autograder.reporting.html import page

    read_results(out)
    settings, handed_in = _prepared(submissions, out, how)
    store = Store(out)
    runner = choose_runner(how.jobs, len(handed_in), how.scheduler)
    again = sorted(regrade(handed_in, settings, store, runner), key=lambda each: each.before.student)
    if len(handed_in) > len(again):
        others = plural(len(handed_in) - len(again), "submission")
        say(f"{others} without an earlier result: left alone", "yellow")
    changed = [each for each in again if each.changed]
    told = _told(changed, len(again))
    if dry_run:
        say(f"{told}; nothing was written", "dim")
        return
    for each in changed:
        keep(each, store, functools.partial(page, reveal=how.reveal))
    _write_grades(out, [stored.result for stored in read_results(out)])
    say(f"{told}; earlier results are kept beside, as .json.1 and so on", "dim")


def _told(changed: "Sequence[Regraded]", number: int) -> str:
    """Say whose score changes; how many do, in a sentence."""
    moved = [each for each in changed if each.difference]
    for each in moved:
        names = f"{each.before.student}/{each.before.assignment}"
        console.print(Text(f"{names}  {each.before.score:g} -> {each.after.score:g}  ({each.difference:+g})"))
    return f"{len(moved)} of {number} scores change, and {len(changed) - len(moved)} more reports"


def _prepared(submissions: Path, out: Path, how: How) -> "tuple[Settings, list[Submission]]":
    """How to grade, and what; bad input and a sandbox that is not whole are told before anything starts."""
    from autograder.grading.batch import Settings, use_device
    from autograder.grading.workers import choose_sandbox
    from autograder.submission import take_in

    for path in how.units:
        find_entry(path)
    intake = take_in(submissions)
    if submissions.is_dir() and out.resolve().is_relative_to(submissions.resolve()):
        raise UsageError(f"{out} lies among the submissions; choose a folder for the results elsewhere")
    name = choose_sandbox(how.sandbox, trusted=False)
    seed = _seed(how.seed, how.secret_file)
    settings = Settings(seed, name, reveal=how.reveal, seconds=how.seconds, only=how.units, device=how.device)
    if how.device != "cpu":
        use_device(how.device)  # a wrong one is told now
    _self_test(name)
    if name == "none":
        say("graded WITHOUT a sandbox: submissions can read and write whatever you can", "bold red")
    for line in intake.ignored:
        say(f"ignored {line}", "yellow")
    return settings, [submission for submission in intake.submissions if settings.wanted(submission.assignment)]


def _grade(
    submissions: Sequence[Submission], settings: "Settings", store: "Store", how: How, keep: Callable[[Result], Result]
) -> list[Result]:
    from autograder.grading.batch import grade_all
    from autograder.grading.runners import choose_runner
    from autograder.reporting.html import page
    from autograder.reporting.progress import following

    results = []
    runner = choose_runner(how.jobs, len(submissions), how.scheduler)
    show = functools.partial(page, reveal=settings.reveal)
    with following(len(submissions)) as follow:
        for done in grade_all(submissions, settings, store, runner, show):
            results.append(keep(done.result))
            follow(done)
    return sorted(results, key=lambda result: (result.student, result.assignment))


def brief(result: Result) -> Result:
    """What the table of a class and grades.csv need of a result. The rest is stored, and a class may be large."""
    return replace(result, reports=tuple(map(_brief_report, result.reports)))


def _brief_report(report: Report) -> Report:
    return replace(
        report, output="", notes=(), title=sys.intern(report.title), results=tuple(map(_brief_result, report.results))
    )


def _brief_result(result: CheckResult) -> CheckResult:
    named = result.diagnosis.misconceptions[:1] if result.diagnosis else ()
    return _shared(
        replace(
            result,
            summary="",
            message=result.message[:MOST],
            counterexample=None,
            diagnosis=Diagnosis(misconceptions=named) if named else None,
        )
    )


@functools.cache
def _shared(result: CheckResult) -> CheckResult:
    """The same object for the same outcome: most checks of most people end alike."""
    return result


def _write_grades(out: Path, results: Sequence[Result]) -> None:
    """grades.csv, with what `adjustments.csv` gives and takes."""
    from autograder.grading.adjustments import adjusted, read_adjustments
    from autograder.grading.store import write_atomically
    from autograder.reporting.csv import grades

    by_hand = read_adjustments(out)
    scores = {(each.student, report.unit): report.score for each in results for report in each.reports}
    points = {key: adjusted(scores[key], those) for key, those in by_hand.items() if key in scores}
    write_atomically(out / "grades.csv", grades(results, points).encode("utf-8", "backslashreplace"))
    if by_hand:
        say(f"{out / 'adjustments.csv'}: {len(points)} of {len(by_hand)} adjustments apply", "yellow")


def _self_test(sandbox: str) -> None:
    """Send a canary into the sandbox before any student's file: a layer that is missing is named, never ignored."""
    from autograder.doctor import self_test

    for missing in self_test(sandbox):
        say(f"a layer of the sandbox is missing: {missing}", "bold red")


def _seed(number: int, secret_file: Path | None) -> "Seed":
    from autograder.grading.seeds import Seed, own_secret, read_secret

    if secret_file:
        return Seed(number, read_secret(secret_file))
    secret, path, new = own_secret()
    if new:
        say(f"made a secret in {path}: keep it, it decides the hidden cases", "yellow")
    return Seed(number, secret)


def _print_json(records: Sequence[object]) -> None:
    import msgspec

    sys.stdout.write(msgspec.json.format(msgspec.json.encode(records), indent=1).decode() + "\n")

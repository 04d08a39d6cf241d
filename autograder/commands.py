"""What the commands do, between the command line and the modules that do the work."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.archives import printable
from autograder.course import COURSE, Entry, assignments, find_entry, load
from autograder.errors import GraderError, SubmissionError, UsageError
from autograder.model import Report, Result, Reveal
from autograder.reporting.escape import terminal as safe
from autograder.submission import Submission, read_source

if TYPE_CHECKING:
    from autograder.grading.batch import Settings
    from autograder.grading.seeds import Seed
    from autograder.grading.store import Store
    from autograder.grading.workers import Workers

ESSENTIAL = {"worker", *(f"canary: {name}" for name in ("reading", "writing", "network", "user"))}

console = Console(highlight=False)


def list_course() -> None:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("unit")
    table.add_column("")
    table.add_column("points", justify="right")
    for entry in COURSE:
        bonus = f" (+{entry.bonus})" if entry.bonus else ""
        table.add_row(entry.path, entry.title, f"{entry.points}{bonus}")
    console.print(table)
    console.print(Text(f"\nhandgrad start {assignments()[0]} copies an assignment's stubs here", "dim"))


def start_assignment(assignment: str, folder: Path, force: bool) -> None:
    from autograder.kit import start

    started = start(assignment, folder, force=force)
    for path in started.saved:
        console.print(f"kept your file as {path.relative_to(folder)}", style="yellow")
    for path in started.kept:
        console.print(f"left {path.relative_to(folder)} as it is (--force begins anew)", style="yellow")
    for path in started.written:
        console.print(f"wrote {path.relative_to(folder)}")
    console.print(f"\nEdit the files, then: handgrad check {assignment}")


def check_path(
    path: Path, *, hidden: bool, verbose: bool, sandbox: str, seed: int, seconds: float | None, json: bool
) -> bool:
    """Check one file, or all files of a folder. True if every check that counts passed."""
    from autograder.reporting.terminal import show_report

    reports = []
    for report in _reports(path, sandbox, seed, hidden=hidden, seconds=seconds):
        reports.append(report)
        if not json:
            show_report(console, report, verbose=verbose)
    if json:
        _print_json(reports)
    return all(report.passed for report in reports)


def hint_for(path: Path, *, sandbox: str, seed: int) -> bool:
    """Say the next step for the first mistake that was recognised. True if nothing is wrong."""
    from autograder.hints import next_hint

    folder = path if path.is_dir() else path.parent
    reports = list(_reports(path, sandbox, seed))
    for report in reports:
        hint = next_hint(report, folder)
        if hint:
            console.print(Text.assemble((f"{hint.unit}, hint {hint.step} of {hint.steps}: ", "bold"), hint.text))
            return False
    if all(report.passed for report in reports):
        console.print("nothing is wrong: no hint needed")
        return True
    console.print("no known mistake was recognised; `handgrad check` shows the smallest failing call")
    return False


def _reports(
    path: Path, sandbox: str, seed: int, *, hidden: bool = False, seconds: float | None = None
) -> Iterator[Report]:
    """Check the files at `path` one by one."""
    from autograder.grading.batch import Settings
    from autograder.grading.seeds import Seed
    from autograder.grading.workers import Workers, choose_sandbox

    found = find_units(path)
    workers = Workers(choose_sandbox(sandbox, trusted=True))
    settings = Settings(Seed(seed), workers.name, hidden=hidden, reveal=Reveal.ALL, seconds=seconds)
    try:
        with workers.submission():
            for file, entry in found:
                yield _check_file(file, entry, settings, workers)
    finally:
        workers.close()


def _check_file(file: Path, entry: Entry, settings: "Settings", workers: "Workers") -> Report:
    from autograder.grading.batch import grade_entry

    submission = Submission(printable(str(file)), entry.assignment)
    try:
        submission.sources[entry.name] = read_source(file)
    except SubmissionError as error:
        submission.problems[entry.name] = f"{submission.student} cannot be checked: {error}"
    return grade_entry(submission, load(entry.path), settings, workers).report


def find_units(path: Path) -> list[tuple[Path, Entry]]:
    """The files to check at `path`, with their units; `UsageError` says what is missing."""
    start = f"`handgrad start {assignments()[0]}` copies the stubs"
    if path.is_dir():
        found = [
            (folder / f"{entry.name}.py", entry)
            for entry in COURSE
            for folder in (path, path / entry.assignment)
            if (folder / f"{entry.name}.py").is_file()
        ]
        if not found:
            raise UsageError(f"{path} holds no file of this course; {start}")
        return found
    if not path.exists():
        raise UsageError(f"there is no {path}; {start}")
    for entry in COURSE:
        if path.name == f"{entry.name}.py":
            return [(path, entry)]
    names = ", ".join(f"{entry.name}.py" for entry in COURSE)
    raise UsageError(f"{path.name} is not a file of this course; these are: {names}")


def grade_folder(
    submissions: Path,
    out: Path,
    *,
    sandbox: str,
    seed: int,
    secret_file: Path | None,
    seconds: float | None,
    only: tuple[str, ...],
    jobs: int,
    scheduler: str,
    reveal: Reveal,
    json: bool,
) -> None:
    """Grade every submission in a folder, and write results, reports and grades.csv."""
    from autograder.grading.batch import Settings
    from autograder.grading.store import Store, write_atomically
    from autograder.grading.workers import choose_sandbox
    from autograder.reporting.csv import grades
    from autograder.reporting.terminal import show_class
    from autograder.submission import take_in

    for path in only:
        find_entry(path)
    intake = take_in(submissions)
    if submissions.is_dir() and out.resolve().is_relative_to(submissions.resolve()):
        raise UsageError(f"{out} lies among the submissions; choose a folder for the results elsewhere")
    name = choose_sandbox(sandbox, trusted=False)
    settings = Settings(_seed(seed, secret_file), name, reveal=reveal, seconds=seconds, only=only)
    handed_in = [submission for submission in intake.submissions if settings.wanted(submission.assignment)]
    _self_test(name)
    store = Store(out)
    if name == "none":
        say("graded WITHOUT a sandbox: submissions can read and write whatever you can", "bold red")
    for line in intake.ignored:
        say(f"ignored {line}", "yellow")
    results = _grade(handed_in, settings, store, jobs, scheduler)
    write_atomically(out / "grades.csv", grades(results).encode("utf-8", "backslashreplace"))
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


def _grade(
    submissions: Sequence[Submission], settings: "Settings", store: "Store", jobs: int, scheduler: str
) -> list[Result]:
    from autograder.grading.batch import grade_all
    from autograder.grading.runners import choose_runner
    from autograder.reporting.html import render
    from autograder.reporting.progress import following

    results = []
    runner = choose_runner(jobs, len(submissions), scheduler)
    reveal = settings.reveal is not Reveal.KIND

    def page(result: Result) -> str:
        return render(result.student, result.assignment, result.reports, reveal=reveal)

    with following(len(submissions)) as follow:
        for done in grade_all(submissions, settings, store, runner, page):
            results.append(done.result)
            follow(done)
    return sorted(results, key=lambda result: (result.student, result.assignment))


def _self_test(sandbox: str) -> None:
    """Send a canary into the sandbox before any student's file: a layer that is missing is named, never ignored."""
    from autograder.doctor import canary

    if sandbox == "none":
        return
    for finding in canary(sandbox):
        if not finding.good and finding.name in ESSENTIAL:
            raise GraderError(f"the sandbox is not tight: {finding.text}; `handgrad doctor` says more")
        if not finding.good:
            say(f"a layer of the sandbox is missing: {finding.text}", "bold red")


def _seed(number: int, secret_file: Path | None) -> "Seed":
    from autograder.grading.seeds import Seed, own_secret, read_secret

    if secret_file:
        return Seed(number, read_secret(secret_file))
    secret, path, new = own_secret()
    if new:
        say(f"made a secret in {path}: keep it, it decides the hidden cases", "yellow")
    return Seed(number, secret)


def show_findings() -> bool:
    from autograder.doctor import examine

    good = True
    for finding in examine():
        mark, style = ("✓", "green") if finding.good else ("✗", "red")
        console.print(Text.assemble((f"{mark} ", style), (f"{finding.name:18}", "bold"), finding.text))
        good = good and finding.good
    return good


def release_course(root: Path, *, only_check: bool) -> bool:
    from autograder.release import ReleaseError, release, verify

    solutions, target = root / "solutions", root / "assignments"
    if not solutions.is_dir():
        raise UsageError(f"there is no {solutions}; run this in the course's folder or give --root")
    try:
        if only_check:
            problems = verify(solutions, target)
            for problem in problems:
                say(problem, "red")
            return not problems
        for path in release(solutions, target):
            console.print(f"wrote {path}")
    except ReleaseError as error:
        say(str(error), "red")
        return False
    return True


def say(text: str, style: str = "") -> None:
    """A line for the person at the terminal, apart from the output proper."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(Text(safe(text, keep=""), style))


def _print_json(records: Sequence[object]) -> None:
    import msgspec

    sys.stdout.write(msgspec.json.format(msgspec.json.encode(records), indent=1).decode() + "\n")

"""`check` and `grade` for scripts, REPLs and notebooks: the commands of the same names, as functions."""

import difflib
import functools
import io
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.archives import printable
from autograder.course import COURSE, Entry, load
from autograder.errors import GraderError, SubmissionError, UsageError
from autograder.model import Report, Result, Reveal
from autograder.reporting.escape import terminal
from autograder.submission import Submission, read_source, take_in

if TYPE_CHECKING:
    from autograder.grading.batch import Settings

WIDTH = 100  # characters of a report where there is no terminal
EXECUTION = "NBGRADER_EXECUTION"  # set by nbgrader in the kernels that it starts: "autograde" or "validate"


@dataclass(frozen=True, slots=True, repr=False)
class Checked:
    """What `check` found: shown as a report, in a notebook as a page of it. `problem` says why there is none."""

    report: Report | None
    problem: str = ""
    verbose: bool = False

    @property
    def score(self) -> float:
        return self.report.score if self.report else 0.0

    @property
    def possible(self) -> float:
        return self.report.possible if self.report else 0.0

    @property
    def passed(self) -> bool:
        return self.report is not None and self.report.passed

    def __repr__(self) -> str:
        if os.environ.get(EXECUTION) and not self.passed:
            return repr(self.score)  # nbgrader takes what it cannot read as a number for full marks
        lines = self._text().strip("\n").split("\n")
        return "\n".join(line.rstrip() for line in lines)

    def _repr_html_(self) -> str:
        from autograder.reporting.html import fragment, notice

        return fragment(self.report, reveal=True) if self.report else notice(self.problem)

    def _text(self) -> str:
        """The report as text; with colours where it can only be for a terminal."""
        if self.report is None:
            return f"handgrad: {terminal(self.problem, keep='')}"
        from rich.console import Console

        from autograder.reporting.terminal import show_report

        shown = sys.stdout is not None and sys.stdout.isatty()
        text = io.StringIO()
        width = None if shown else WIDTH
        console = Console(file=text, highlight=False, force_terminal=shown, force_jupyter=False, width=width)
        show_report(console, self.report, verbose=self.verbose)
        return text.getvalue()


def check(
    unit: str,
    *,
    file: str | os.PathLike[str] | None = None,
    verbose: bool = False,
    hidden: bool = False,
    seed: int = 0,
    seconds: float | None = None,
    sandbox: str = "auto",
) -> Checked | None:
    """Check your own work on one unit: show what comes back, or `print` it.

    The file is read anew each time, so edit, save and check again. It is looked for beside the notebook or script and
    in the current folder; `file` names another. `verbose` shows every failure in full, `hidden` runs the hidden checks
    too. Nothing is raised: what went wrong is said by the result, whose `passed` is then False.

    >>> check("convolution/conv3d")
    handgrad: there is no unit 'convolution/conv3d'; do you mean 'convolution/conv2d'?
    """
    if os.environ.get(EXECUTION) == "autograde":
        return None  # the score comes from the isolated grader, not from a kernel that runs a student's notebook
    try:
        entry = find_unit(unit)
        path = find_file(entry, file)
        settings = _settings(hidden=hidden, seed=seed, seconds=seconds, sandbox=sandbox)
        return Checked(_report(path, entry, settings), verbose=verbose)
    except (GraderError, SubmissionError) as error:
        return Checked(None, str(error))


def grade(
    submissions: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    seed: int = 0,
    secret: bytes | None = None,
    reveal: str = "kind",
    jobs: int = 0,
    sandbox: str = "auto",
) -> tuple[Result, ...]:
    """Grade a folder of submissions as `handgrad grade` does; results are kept in `out` and not computed twice.

    `secret` decides the hidden cases; without it this machine's own is used, made on the first call.
    """
    from autograder.doctor import self_test
    from autograder.grading.batch import Settings, grade_all
    from autograder.grading.runners import choose_runner
    from autograder.grading.seeds import Seed, own_secret
    from autograder.grading.store import Store
    from autograder.grading.workers import choose_sandbox
    from autograder.reporting.html import page

    intake = take_in(Path(submissions))
    drawn = Seed(seed, secret or own_secret()[0])
    settings = Settings(drawn, choose_sandbox(sandbox, trusted=False), reveal=Reveal(reveal))
    self_test(settings.sandbox)
    run = choose_runner(jobs, len(intake.submissions))
    show = functools.partial(page, reveal=settings.reveal)
    graded = grade_all(intake.submissions, settings, Store(Path(out)), run, show)
    return tuple(sorted((done.result for done in graded), key=lambda result: (result.student, result.assignment)))


def find_unit(name: object) -> Entry:
    """The unit called "convolution/conv2d", or "conv2d" for short."""
    if not isinstance(name, str):
        raise UsageError(f"check wants the name of a unit, such as {COURSE[0].path!r}, not {type(name).__name__}")
    for entry in COURSE:
        if name in (entry.path, entry.name):
            return entry
    paths = {known: entry.path for entry in COURSE for known in (entry.path, entry.name)}
    close = difflib.get_close_matches(name, paths, 1)
    advice = f"do you mean {paths[close[0]]!r}?" if close else f"there are: {', '.join(dict.fromkeys(paths.values()))}"
    raise UsageError(f"there is no unit {name!r}; {advice}")


def find_file(entry: Entry, file: object = None) -> Path:
    """The student's file of a unit: the one given, or the first one found."""
    if isinstance(file, str | os.PathLike):
        path = Path(file)
        path = path / f"{entry.name}.py" if path.is_dir() else path
        if not path.exists():
            raise UsageError(f"there is no {path}")
        return path
    if file is not None:
        raise UsageError(f"file= wants a path, not {type(file).__name__}")
    folders = list(dict.fromkeys(_folders()))
    for folder in folders:
        for path in (folder / f"{entry.name}.py", folder / entry.assignment / f"{entry.name}.py"):
            if path.is_file():
                return path
    raise UsageError(
        f"there is no {entry.name}.py in {folders[0]}: `handgrad start {entry.assignment}` copies it, "
        f"or say check({entry.path!r}, file=...)"
    )


def _folders() -> Iterator[Path]:
    """Where a student's files may lie: beside the notebook, beside the script, in the current folder."""
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    names: dict[str, Any] = getattr(shell, "user_ns", {})
    for notebook in (names.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME") if shell else None):
        if notebook and Path(notebook).is_absolute() and Path(notebook).is_file():
            yield Path(notebook).parent
    if names.get("_dh"):
        yield Path(names["_dh"][0])  # where the kernel started, whatever os.chdir did since
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    if script and not shell:
        yield Path(script).absolute().parent
    yield Path.cwd()


def _settings(*, hidden: bool, seed: int, seconds: float | None, sandbox: str) -> "Settings":
    from autograder.grading.batch import Settings
    from autograder.grading.seeds import Seed
    from autograder.grading.workers import choose_sandbox

    name = choose_sandbox(sandbox, trusted=True)
    return Settings(Seed(seed), name, hidden=hidden, reveal=Reveal.ALL, seconds=seconds)


def _report(path: Path, entry: Entry, settings: "Settings") -> Report:
    from autograder.grading.batch import grade_entry
    from autograder.grading.workers import Workers

    submission = Submission(printable(str(path)), entry.assignment)
    try:
        submission.sources[entry.name] = read_source(path)
    except SubmissionError as error:
        raise SubmissionError(f"{path} cannot be checked: {error}") from error
    workers = Workers(settings.sandbox)
    try:
        return grade_entry(submission, load(entry.path), settings, workers).report
    finally:
        workers.close()

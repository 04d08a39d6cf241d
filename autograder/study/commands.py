"""What the learner's commands do."""

import os
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.course import COURSE, Entry, find_entry
from autograder.errors import UsageError
from autograder.hints import next_hint, without_hint
from autograder.model import Report
from autograder.reporting.terminal import say, show_report
from autograder.study.checker import Checker, How, check_files
from autograder.study.course_map import course_line, show_map
from autograder.study.places import (
    files_in,
    find_units,
    following,
    going_on,
    home_of,
    not_started,
    shown,
    start_words,
    unit_of,
)
from autograder.study.state import Memory, State

WELCOME = """\
You write the passes of neural layers by hand, forward and backward, and learn at once what is right, and what is
wrong, when and where. It takes three steps:
"""

console = Console(highlight=False)


def start_assignment(assignment: str, *, force: bool) -> None:
    """Copy the stubs: here, or beside the assignment whose folder this is."""
    from autograder.kit import start

    home = home_of(Path.cwd())
    started = start(assignment, home if files_in(home) else Path.cwd(), force=force)
    for path in started.saved:
        console.print(f"kept your file as {shown(path)}", style="yellow")
    for path in started.kept:
        console.print(f"left {shown(path)} as it is (--force begins anew)", style="yellow")
    for path in started.written:
        console.print(f"wrote {shown(path)}")
    console.print(f"\nRead {assignment}/README.md, edit the files, then run `handgrad`: it checks each time you save")


def check_path(path: Path, how: How, *, verbose: bool, json: bool) -> bool:
    """Check one file, or all files of a folder. True if every check that counts passed."""
    reports = []
    for report in check_files(find_units(path), how):
        reports.append(report)
        if not json:
            show_report(console, report, verbose=verbose)
    _remember(path, reports)
    if json:
        import msgspec

        sys.stdout.write(msgspec.json.format(msgspec.json.encode(reports), indent=1).decode() + "\n")
    elif (how.hidden or how.reveal) and not any(result.hidden for report in reports for result in report.results):
        say("this copy of handgrad holds no hidden checks: they are your instructor's", "yellow")
    return all(report.passed for report in reports)


def _remember(path: Path, reports: list[Report]) -> None:
    """Keep the results, if they are of the course that the learner is in: not those of a file somewhere else."""
    memory = Memory(home_of(path))
    if memory.path.parent != home_of(Path.cwd()):
        return

    def checked(state: State) -> State:
        for report in reports:
            state = state.checked(report)
        return state

    memory.change(checked)
    _say_trouble(memory)


def watch_path(path: Path, how: How) -> None:
    """Check the unit at `path`, or of a folder the one to go on with, and again on each save."""
    found = {entry.path: file for file, entry in find_units(path)}
    memory = Memory(home_of(path))
    unit = going_on(memory.read(), found) or next(iter(found))
    _say_trouble(memory)
    _watch(found[unit], find_entry(unit), how)


def _watch(file: Path, entry: Entry, how: How) -> None:
    from autograder.study.watch import Watch

    watch = Watch(console, Checker(how), file, entry)
    watch.run()
    if watch.keys is not None:
        sys.stdout.flush()
        os._exit(0)  # all is closed; to tear torch down takes seconds, which look like a terminal that hangs


def hint_for(path: Path, how: How) -> bool:
    """Say the next step for the first mistake that was recognised. True if nothing is wrong."""
    memory = Memory(home_of(path))
    told = memory.read().hints
    _say_trouble(memory)
    reports = list(check_files(find_units(path), how))
    for report in reports:
        hint = next_hint(report, told)
        if hint:
            memory.change(lambda state, hint=hint: state.told(hint.key, hint.step))  # type: ignore[misc]
            hidden = ", of a hidden check" if hint.hidden else ""
            title = f"{hint.unit}, hint {hint.step} of {hint.steps}{hidden}: "
            console.print(Text.assemble((title, "bold"), hint.text))
            return False
    wrong = [report for report in reports if not report.passed]
    console.print(without_hint((wrong or reports)[0]))
    return not wrong


def show_progress() -> None:
    home = home_of(Path.cwd())
    memory, present = Memory(home), files_in(home)
    state = memory.read()
    _say_trouble(memory)
    here = going_on(state, present)
    show_map(console, state, present, here)
    console.print(Text("\n`handgrad` goes on where you are" if here else f"\n{_beyond(present)}", "dim"))


def reset_unit(what: str) -> None:
    """A fresh stub of one unit; the file so far is kept beside it."""
    from autograder.kit import fresh

    file, entry = _file_of(what)
    kept = fresh(entry, file)
    memory = Memory(home_of(file))
    memory.change(lambda state: state.forgotten(entry.path))
    _say_trouble(memory)
    if kept:
        console.print(f"kept your file as {shown(kept)}", style="yellow")
    console.print(f"wrote {shown(file)}: a fresh stub of {entry.path}")


def _file_of(what: str) -> tuple[Path, Entry]:
    """The file of "conv2d.py", "convolution/conv2d.py", "conv2d" or "convolution/conv2d", from here."""
    path = Path(what if what.endswith(".py") else f"{what}.py")
    if Path(what).is_dir():
        raise UsageError(f"{what} is a folder; name one of its files")
    entry = unit_of(path)
    there = files_in(home_of(Path.cwd())).get(entry.path)
    file = path if path.is_file() or there is None else there
    if not file.parent.is_dir():
        raise UsageError(f"there is no {file}; {start_words()}")
    return file, entry


def go_on() -> None:
    """What `handgrad` alone does: start, or go on where the learner left off."""
    home = home_of(Path.cwd())
    memory, present = Memory(home), files_in(home)
    state = memory.read()
    _say_trouble(memory)
    unit = going_on(state, present)
    if not present:
        _welcome()
    elif not unit:
        console.print(course_line(console, state))
        console.print(_beyond(present))
    elif console.is_terminal and sys.stdin.isatty():
        _watch(present[unit], find_entry(unit), How())
    else:
        _check_once(unit, present[unit], memory)


def _check_once(unit: str, file: Path, memory: Memory) -> None:
    """For those who have no terminal: one check, and what to do next."""
    (report,) = check_files([(file, find_entry(unit))], How())
    state = memory.change(lambda state: state.checked(report))
    show_report(console, report)
    console.print()
    console.print(course_line(console, state))
    after = following(state, files_in(memory.path.parent))
    console.print(f"next: {after or unit}" if state.done(unit) else f"edit {shown(file)}, then run `handgrad` again")


def _welcome() -> None:
    first = COURSE[0]
    steps = Table.grid(padding=(0, 2))
    for number, do, why in (
        ("1.", f"handgrad start {first.assignment}", f"copies the first assignment's stubs into {first.assignment}/"),
        ("2.", f"edit {first.path}.py", "each function says in its docstring what it must do"),
        ("3.", "handgrad", "checks your file each time you save it; tomorrow it goes on where you stopped"),
    ):
        steps.add_row(f" {number}", Text(do, "bold"), why)
    console.print(
        "You write the passes of neural layers by hand, forward and backward, and learn at once what is right,"
    )
    console.print("and what is wrong, when and where. It takes three steps:\n")
    console.print(steps)
    console.print("\n`handgrad list` shows the whole course, `handgrad --help` every command.")


def _beyond(present: dict[str, Path]) -> str:
    assignment = not_started(present)
    if assignment:
        return f"All that is here passed. Go on with: handgrad start {assignment}"
    return "All of the course passed. Well done! `handgrad check --hidden` asks a little more"


def _say_trouble(memory: Memory) -> None:
    if memory.trouble:
        say(memory.trouble, "yellow")
        memory.trouble = ""

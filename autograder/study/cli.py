"""The commands for people who learn, as they are typed."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.errors import UsageError
from autograder.options import (
    FAILED,
    LEARN,
    PASSED,
    DeviceOption,
    JsonOption,
    SandboxOption,
    SecondsOption,
    SeedOption,
)

PathArgument = Annotated[Path, typer.Argument(help="A file, a folder, or a unit (conv2d).")]
HiddenOption = Annotated[bool, typer.Option("--hidden", help="The hidden checks too: how they fail, not on what.")]
RevealOption = Annotated[bool, typer.Option("--reveal", help="The hidden checks too, in full.")]


def add_to(app: typer.Typer) -> None:
    """Give `handgrad` these commands."""
    for command in (start, check, hint, progress, reset):
        app.command(rich_help_panel=LEARN)(command)


def start(
    assignment: Annotated[str, typer.Argument(help="An assignment: see `handgrad list`.")],
    force: Annotated[bool, typer.Option("--force", help="Begin anew; your files are kept as *.1, *.2 ...")] = False,
) -> None:
    """Copy the stubs of an assignment into the current folder."""
    from autograder.study.commands import start_assignment

    start_assignment(assignment, force=force)


def check(
    path: PathArgument = Path("."),
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Check again each time you save.")] = False,
    hidden: HiddenOption = False,
    reveal: RevealOption = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every failure in full.")] = False,
    sandbox: SandboxOption = "auto",
    seed: SeedOption = 0,
    seconds: SecondsOption = None,
    json: JsonOption = False,
    device: DeviceOption = "cpu",
) -> None:
    """Check your own work: what is right, what is wrong, and how to see it."""
    from autograder.study.checker import How
    from autograder.study.commands import check_path, watch_path

    how = How(sandbox, seed, seconds, hidden, reveal, device)
    if watch and json:
        raise UsageError("--watch is for people, --json for programs: give one of them")
    if watch:
        watch_path(path, how)
    elif not check_path(path, how, verbose=verbose, json=json):
        raise typer.Exit(FAILED)


def hint(
    path: PathArgument = Path("."),
    hidden: Annotated[bool, typer.Option("--hidden", help="About the hidden checks too.")] = False,
    sandbox: SandboxOption = "auto",
    seed: SeedOption = 0,
) -> None:
    """Say a little more about the first mistake, each time you ask: which property, which mistake, which term."""
    from autograder.study.checker import How
    from autograder.study.commands import hint_for

    raise typer.Exit(PASSED if hint_for(path, How(sandbox, seed, hidden=hidden)) else FAILED)


def progress() -> None:
    """Draw the course as a map: what is done, and where you are."""
    from autograder.study.commands import show_progress

    show_progress()


def reset(
    file: Annotated[str, typer.Argument(help="A file (conv2d.py) or a unit (convolution/conv2d).")],
) -> None:
    """Begin a unit anew: a fresh stub, and your file so far kept beside it."""
    from autograder.study.commands import reset_unit

    reset_unit(file)

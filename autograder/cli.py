"""The command `handgrad`. Each command's work is done elsewhere; here it is named, and bad input is answered."""

import io
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from autograder import __version__
from autograder.authoring.cli import dev
from autograder.errors import GraderError, UsageError
from autograder.exports import cli as exports
from autograder.model import Reveal
from autograder.options import (
    FAILED,
    LEARN,
    PASSED,
    STOPPED,
    TEACH,
    TROUBLE,
    USAGE,
    WRITE,
    DeviceOption,
    JsonOption,
    SandboxOption,
    SecondsOption,
    SeedOption,
)
from autograder.overview import cli as overview
from autograder.study import cli as study

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")  # arrays are small: threads would only wait for each other

app = typer.Typer(
    name="handgrad",
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def alone(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Hand-written gradients, graded. Without a command: start, or go on where you left off."""
    if version:
        print(f"handgrad {__version__}")
    elif context.invoked_subcommand is None:
        from autograder.study.commands import go_on

        go_on()


@app.command("list", rich_help_panel=LEARN)
def list_units() -> None:
    """Show the assignments and their units."""
    from autograder.commands import list_course

    list_course()


study.add_to(app)
app.add_typer(dev, rich_help_panel=WRITE)


@app.command(rich_help_panel=TEACH)
def grade(
    submissions: Annotated[Path, typer.Argument(help="A folder of <student>/<assignment>/<unit>.py.")],
    out: Annotated[Path, typer.Option("--out", help="The folder for the results.")],
    sandbox: SandboxOption = "auto",
    seed: SeedOption = 0,
    secret_file: Annotated[Path | None, typer.Option("--secret-file", help="Decides the hidden cases.")] = None,
    seconds: SecondsOption = None,
    unit: Annotated[list[str] | None, typer.Option("--unit", help="Grade only this unit; may be repeated.")] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Processes; 0: one for each core.", min=0)] = 0,
    scheduler: Annotated[str, typer.Option("--scheduler", help="Address of a Dask scheduler to work for us.")] = "",
    reveal: Annotated[Reveal, typer.Option("--reveal", help="How much to tell of hidden checks.")] = Reveal.KIND,
    json: JsonOption = False,
    device: DeviceOption = "cpu",
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Grade this unit again, keep the rest of each result.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --only: say what would change, no more.")] = False,
) -> None:
    """Grade a class: a result for every submission, whatever is in it."""
    from autograder.classroom import How, grade_folder, regrade_folder

    if dry_run and not only:
        raise UsageError("--dry-run goes with --only UNIT, the unit to grade again")
    if only and (unit or json):
        raise UsageError("--only goes with neither --unit nor --json")
    how = How(sandbox, seed, secret_file, seconds, tuple(only or unit or ()), jobs, scheduler, reveal, device)
    if only:
        regrade_folder(submissions, out, how, dry_run=dry_run)
    else:
        grade_folder(submissions, out, how, json=json)


exports.add_to(app)
overview.add_to(app)


@app.command(rich_help_panel=TEACH)
def doctor() -> None:
    """Say what this machine can do, and what to install for the rest."""
    from autograder.commands import show_findings

    raise typer.Exit(PASSED if show_findings() else FAILED)


@app.command(rich_help_panel=WRITE)
def release(
    check: Annotated[bool, typer.Option("--check", help="Only say whether assignments/ is as it should be.")] = False,
    kit: Annotated[Path | None, typer.Option("--kit", help="Write what students get into this folder.")] = None,
    root: Annotated[Path, typer.Option("--root", help="The course's folder.")] = Path("."),
) -> None:
    """Write assignments/ from solutions/, without the answers; or a kit: stubs, notebooks, a wheel for students."""
    from autograder.commands import release_course

    raise typer.Exit(PASSED if release_course(root, only_check=check, kit=kit) else FAILED)


def main() -> NoReturn:
    """Run the command; what goes wrong reaches people as one line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that knows no ✓ is no reason to fail
    try:
        app(standalone_mode=True)
    except UsageError as error:
        _fail(error, USAGE)
    except GraderError as error:
        _fail(error, TROUBLE)
    except BrokenPipeError:
        os._exit(TROUBLE)
    except OSError as error:  # a full disk, a folder that may not be written to ...
        _fail(f"{error.filename or 'the system'}: {error.strerror or error}", TROUBLE)
    except (KeyboardInterrupt, SystemExit) as ended:  # Typer makes the one into the other
        if isinstance(ended, SystemExit) and ended.code != STOPPED:
            raise
        _fail("stopped; run the same command again to go on", STOPPED)
    sys.exit(PASSED)


def _fail(words: object, code: int) -> NoReturn:
    from autograder.reporting.escape import terminal

    print(f"handgrad: {terminal(str(words), keep='')}", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()

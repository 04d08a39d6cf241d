"""The command `handgrad`. Each command's work is done elsewhere; here it is named, and bad input is answered."""

import io
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from autograder.errors import GraderError, UsageError
from autograder.model import Reveal

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")  # arrays are small: threads would only wait for each other

PASSED, FAILED, USAGE, TROUBLE, STOPPED = 0, 1, 2, 3, 130

app = typer.Typer(
    name="handgrad",
    help="Hand-written gradients, graded.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

SandboxOption = Annotated[str, typer.Option("--sandbox", help="auto, bubblewrap or none.", metavar="KIND")]
SeedOption = Annotated[int, typer.Option("--seed", help="Another number draws other cases.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the results as JSON.")]
SecondsOption = Annotated[float | None, typer.Option("--seconds", help="Deadline for one call.", min=0.1, max=3600)]


@app.command("list")
def list_units() -> None:
    """Show the assignments and their units."""
    from autograder.commands import list_course

    list_course()


@app.command()
def start(
    assignment: Annotated[str, typer.Argument(help="An assignment: see `handgrad list`.")],
    force: Annotated[bool, typer.Option("--force", help="Begin anew; your files are kept as *.old.")] = False,
) -> None:
    """Copy the stubs of an assignment into the current folder."""
    from autograder.commands import start_assignment

    start_assignment(assignment, Path.cwd(), force)


@app.command()
def check(
    path: Annotated[Path, typer.Argument(help="A file or a folder.")] = Path("."),
    hidden: Annotated[bool, typer.Option("--hidden", help="Run the hidden checks too.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every failure in full.")] = False,
    sandbox: SandboxOption = "auto",
    seed: SeedOption = 0,
    seconds: SecondsOption = None,
    json: JsonOption = False,
) -> None:
    """Check your own work: what is right, what is wrong, and how to see it."""
    from autograder.commands import check_path

    passed = check_path(path, hidden=hidden, verbose=verbose, sandbox=sandbox, seed=seed, seconds=seconds, json=json)
    raise typer.Exit(PASSED if passed else FAILED)


@app.command()
def hint(
    path: Annotated[Path, typer.Argument(help="A file or a folder.")] = Path("."),
    sandbox: SandboxOption = "auto",
    seed: SeedOption = 0,
) -> None:
    """Say a little more about the first mistake, each time you ask: which property, which mistake, which term."""
    from autograder.commands import hint_for

    raise typer.Exit(PASSED if hint_for(path, sandbox=sandbox, seed=seed) else FAILED)


@app.command()
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
) -> None:
    """Grade a class: a result for every submission, whatever is in it."""
    from autograder.commands import grade_folder

    grade_folder(
        submissions, out, sandbox=sandbox, seed=seed, secret_file=secret_file, seconds=seconds, only=tuple(unit or ()),
        jobs=jobs, scheduler=scheduler, reveal=reveal, json=json,
    )  # fmt: skip


@app.command()
def doctor() -> None:
    """Say what this machine can do, and what to install for the rest."""
    from autograder.commands import show_findings

    raise typer.Exit(PASSED if show_findings() else FAILED)


@app.command()
def release(
    check: Annotated[bool, typer.Option("--check", help="Only say whether assignments/ is as it should be.")] = False,
    root: Annotated[Path, typer.Option("--root", help="The course's folder.")] = Path("."),
) -> None:
    """Write assignments/ from solutions/, without the answers (for authors of the course)."""
    from autograder.commands import release_course

    raise typer.Exit(PASSED if release_course(root, only_check=check) else FAILED)


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

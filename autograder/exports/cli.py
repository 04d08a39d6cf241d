"""The command `handgrad export`, as typed."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.errors import UsageError
from autograder.exports.formats import FORMATS, find_format
from autograder.options import FAILED, PASSED, TEACH

NAMES = "; ".join(f"{each.name}: {each.summary}" for each in FORMATS)


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel=TEACH)(export)


def export(
    format: Annotated[str, typer.Argument(help=NAMES, metavar="FORMAT")],
    results: Annotated[Path | None, typer.Argument(help="The folder that `handgrad grade --out` wrote.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="The file to write; a folder or .zip for many.")] = None,
    roster: Annotated[Path | None, typer.Option("--roster", help="Who is who in the other system (CSV).")] = None,
    assignment: Annotated[
        list[str] | None, typer.Option("--assignment", help='Which one; for Canvas its header, "conv2d (12345)".')
    ] = None,
    unit: Annotated[list[str] | None, typer.Option("--unit", help="Graders: only this unit; may be repeated.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="Graders: another number draws other cases.")] = 0,
    secret_file: Annotated[
        Path | None, typer.Option("--secret-file", help="Graders: decides the hidden cases, as for `grade`.")
    ] = None,
    wheel: Annotated[
        Path | None, typer.Option("--wheel", help="Graders: a wheel of handgrad; else it is built.")
    ] = None,
    image: Annotated[str, typer.Option("--image", help="PrairieLearn: the name of the grader's image.")] = "handgrad",
) -> None:
    """Write results for another system, or a grader that runs in it."""
    wanted = find_format(format)
    if out is None:
        raise UsageError("--out says which file to write, and is missing")
    if wanted.grader:
        from autograder.exports.bundle import Order, export_grader

        if results is not None or roster is not None:
            raise UsageError(f"{format} is a grader: it takes no results and no roster, but --assignment")
        export_grader(
            Order(wanted, out, tuple(assignment or ()), tuple(unit or ()), seed, secret_file, wheel, image)
        )  # fmt: skip
        return
    from autograder.exports.command import Request, export_results

    if results is None:
        raise UsageError(f"of which results? handgrad export {format} RESULTS --out {out}")
    if unit or secret_file or wheel:
        raise UsageError("--unit, --secret-file and --wheel are for graders; results are graded already")
    complete = export_results(Request(wanted, results, out, roster, tuple(assignment or ())))
    raise typer.Exit(PASSED if complete else FAILED)

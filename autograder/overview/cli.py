"""The command `handgrad report`, as typed."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.options import TEACH


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel=TEACH)(report)


def report(
    results: Annotated[Path, typer.Argument(help="The folder that `handgrad grade --out` wrote.")],
    out: Annotated[Path, typer.Option("--out", help="The page to write.")] = Path("class.html"),
    similar: Annotated[
        Path | None, typer.Option("--similar", help="Also list pairs of similar submissions in this folder or archive.")
    ] = None,
) -> None:
    """Show a class at a glance: scores, what went wrong and how often, what to look at."""
    from autograder.overview.command import write_report

    typer.echo(write_report(results, out, similar))
